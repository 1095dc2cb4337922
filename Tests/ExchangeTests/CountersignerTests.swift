import Envelope
import Exchange
import ExchangeTesting
import Ledger
import Testing
import Transport
import Vocabulary
import Witness

/// A partner's checkpoint is countersigned only if its ledger grew from what we saw.
@Suite struct CountersignerTests {
    @Test("a ledger that grows is countersigned each time, stored first, and the line verifies over the very note")
    func grows() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            for (size, old) in [(3, 0), (3, 3), (8, 3), (100, 8)] {
                let request = try WitnessRequest(parsing: try await scene.request(size, from: old))
                guard
                    case .countersigned(let line)? = await scene.desk.addCheckpoint(
                        request.bytes, from: scene.stockton.id)
                else {
                    Issue.record("\(old) to \(size) was not countersigned")
                    return
                }
                let name = LedgerOrigin.witness(scene.police.id, scene.police.keys.identity.certificate.fingerprint)
                let key = try NoteKey(
                    name: name, publicKey: scene.police.ledgerSigner().publicKey, TestCrypto(), kind: .cosignature)
                let note = try request.checkpoint.adding(lines: line)
                #expect(try note.seen(by: key, TestCrypto())?.seconds == scene.clock.now.seconds)
                #expect(await scene.desk.witnessedCheckpoint(for: scene.stockton.id) == note.text)
            }
            #expect(try await scene.incidents.isEmpty)
            #expect(scene.policeAgency.alarms.current.isEmpty)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let size: Int
        let old: Int
        var fork: Int?
        let answer: WitnessAnswer
        var incident: String?
    }

    /// All against a head of 8 events.
    static let cases = [
        Case(
            testDescription: "the same size with another content", size: 8, old: 8, fork: 5,
            answer: .refused(.inconsistent), incident: "forked"),
        Case(
            testDescription: "the same size with another content, as if from nothing", size: 8, old: 0, fork: 5,
            answer: .refused(.inconsistent), incident: "forked"),
        Case(
            testDescription: "larger, but other before", size: 12, old: 8, fork: 5,
            answer: .refused(.inconsistent), incident: "rewritten"),
        Case(
            testDescription: "two rows swapped, then more", size: 9, old: 8, fork: 7,
            answer: .refused(.inconsistent), incident: "rewritten"),
        Case(
            testDescription: "from a size before, as when two requests cross", size: 12, old: 3,
            answer: .holds(size: 8)),
        Case(testDescription: "an older one again", size: 5, old: 3, answer: .holds(size: 8)),
        Case(testDescription: "from a size that we never saw", size: 12, old: 10, answer: .holds(size: 8)),
        Case(testDescription: "from more than it has", size: 5, old: 8, answer: .refused(.malformed)),
    ]

    @Test("what is not growth from 8 events is not countersigned, and evidence is kept", arguments: cases)
    func refused(_ test: Case) async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            #expect(try await scene.ask(8, from: 0).isCountersigned)
            let before = await scene.desk.witnessedCheckpoint(for: scene.stockton.id)
            for _ in 0..<2 {
                #expect(try await scene.ask(test.size, from: test.old, fork: test.fork) == test.answer)
            }
            #expect(await scene.desk.witnessedCheckpoint(for: scene.stockton.id) == before, "nothing was stored")
            let incidents = try await scene.incidents
            let isShrunk = test.answer == .holds(size: 8) && test.size < 8
            #expect(incidents.map { $0["what"] } == (isShrunk ? ["shrunk"] : test.incident.map { [$0] } ?? []))
            guard let incident = incidents.first else { return }
            let shown = try WitnessRequest(parsing: try await scene.request(test.size, from: test.old, fork: test.fork))
            #expect(incident["held"] == before)
            #expect(incident["shown"] == shown.checkpoint.text)
            #expect(scene.policeAgency.alarms.current["witness/stockton"]?.contains("stockton") == true)
        }
    }

    @Test("a smaller one is an accident once, and an incident when it comes again after we said what we hold")
    func shrunk() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            #expect(try await scene.ask(8, from: 0).isCountersigned)
            #expect(try await scene.ask(5, from: 0) == .holds(size: 8))
            #expect(try await scene.incidents.isEmpty)
            #expect(try await scene.ask(9, from: 8).isCountersigned)
            #expect(try await scene.ask(5, from: 0) == .holds(size: 9))
            #expect(try await scene.incidents.isEmpty, "it has grown in between")
            #expect(try await scene.ask(6, from: 0) == .holds(size: 9))
            #expect(try await scene.incidents.map { $0["what"] } == ["shrunk"])
        }
    }

    @Test("exchange goes on with a partner whose ledger is an incident")
    func exchangeGoesOn() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            #expect(try await scene.ask(8, from: 0).isCountersigned)
            #expect(try await scene.ask(8, from: 8, fork: 2) == .refused(.inconsistent))
            let parcel = try Parcelled(Array("x".utf8), from: scene.stockton, to: scene.police)
            var body = TestBody(try parcel.messages())
            let answer = await scene.desk.receive(
                parcel.waybill.id, from: scene.stockton.id, startingAt: 1, body: &body)
            guard case .receipt = answer else {
                Issue.record("it was not taken: \(answer)")
                return
            }
            #expect(await scene.policeHouse.rollback.outward(scene.stockton.id) == nil)
        }
    }

    @Test("a proof that fails is taken back by one that holds; a fork never is")
    func provedLater() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            #expect(try await scene.ask(8, from: 0).isCountersigned)
            #expect(try await scene.ask(12, from: 8, fork: 3) == .refused(.inconsistent))
            #expect(scene.policeAgency.alarms.current.keys.contains("witness/stockton"))
            #expect(try await scene.ask(12, from: 8).isCountersigned)
            #expect(scene.policeAgency.alarms.current.isEmpty)
            #expect(try await scene.ask(12, from: 12, fork: 3) == .refused(.inconsistent))
            #expect(try await scene.ask(13, from: 12).isCountersigned)
            #expect(scene.policeAgency.alarms.current.keys.contains("witness/stockton"))
        }
    }

    @Test("a ledger that lies in ever new ways is one incident for each head that we hold, and a fork one more")
    func lying() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            #expect(try await scene.ask(8, from: 0).isCountersigned)
            for _ in 0..<3 {
                for size in 9..<14 { _ = try await scene.ask(size, from: 8, fork: 3) }
                for size in 4..<7 { _ = try await scene.ask(size, from: 0) }
                for fork in 1..<7 { _ = try await scene.ask(8, from: 8, fork: fork) }
            }
            #expect(try await scene.incidents.map { $0["what"] } == ["rewritten", "forked"])
        }
    }

    @Test("an alarm outlives the daemon, until a person has seen to it")
    func alarmStays() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            #expect(try await scene.ask(8, from: 0).isCountersigned)
            #expect(try await scene.ask(8, from: 8, fork: 1) == .refused(.inconsistent))
            scene.policeAgency.alarms.alarm("witness/stockton", nil)
            let incidents = WitnessIncidents(agency: scene.policeAgency)
            await incidents.restore()
            #expect(scene.policeAgency.alarms.current.keys.contains("witness/stockton"))
            try await incidents.seen(scene.stockton.id, because: "rang them", by: "anna")
            #expect(scene.policeAgency.alarms.current.isEmpty)
            await #expect(throws: OfficerProblem.self) {
                try await incidents.seen(scene.stockton.id, because: "again", by: "anna")
            }
        }
    }

    @Test("a ledger of somebody else, a wrong key and garbage are refused")
    func strangers() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            let theirs = try await scene.request(4, from: 0, by: scene.police)
            #expect(await scene.desk.addCheckpoint(theirs, from: scene.stockton.id) == .refused(.unknownOrigin))
            let origin = try LedgerOrigin(
                agency: scene.stockton.id, identity: scene.stockton.keys.identity.certificate.fingerprint,
                ledger: "3f2b8c1e-0000-4000-8000-000000000000")
            let forged = InMemoryLedger(origin: origin, crypto: FixedCrypto(), signer: try TestSigner())
            try await forged.fill(4)
            let note = try SignedNote(parsing: Array(try await forged.checkpoint().utf8))
            let request = WitnessRequest(old: 0, proof: [], checkpoint: note).bytes
            #expect(await scene.desk.addCheckpoint(request, from: scene.stockton.id) == .refused(.unknownKey))
            let stranger = try AgencyID("nobody")
            #expect(await scene.desk.addCheckpoint(request, from: stranger) == .refused(.unknownOrigin))
            for garbage in [[], Array("old 1".utf8), [UInt8](repeating: 65, count: 1 << 20), Random.bytes(300)] {
                #expect(await scene.desk.addCheckpoint(garbage, from: scene.stockton.id) == .refused(.malformed))
            }
            let proved = WitnessRequest(old: 0, proof: [TestCrypto().sha256([])], checkpoint: note)
            #expect(await scene.desk.addCheckpoint(proved.bytes, from: scene.stockton.id) == .refused(.unknownKey))
            #expect(await scene.desk.witnessedCheckpoint(for: scene.stockton.id) == nil)
            #expect(try await scene.incidents.isEmpty)
        }
    }

    @Test("a new ledger of a known partner is countersigned from nothing, and said aloud")
    func newLedger() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            #expect(try await scene.ask(8, from: 0).isCountersigned)
            try await scene.ledger.fill(5)
            _ = try await scene.ledger.beginEpoch(["because": .string("restored")], at: scene.clock.now)
            let note = try SignedNote(parsing: Array(try await scene.ledger.checkpoint().utf8))
            let request = WitnessRequest(old: 0, proof: [], checkpoint: note).bytes
            scene.clock.advance(seconds: 1)
            #expect(await scene.desk.addCheckpoint(request, from: scene.stockton.id).isCountersigned)
            #expect(try await scene.incidents.map { $0["what"] } == ["new-ledger"])
            #expect(scene.policeAgency.alarms.current["witness/stockton"]?.contains("new ledger") == true)
            #expect(await scene.desk.witnessedCheckpoint(for: scene.stockton.id)?.hasPrefix(note.body) == true)
        }
    }

    @Test("two requests from one size at a time: one is countersigned, the other is told what we hold")
    func race() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            let requests = [try await scene.request(5, from: 0), try await scene.request(6, from: 0)]
            async let first = scene.desk.addCheckpoint(requests[0], from: scene.stockton.id)
            async let second = scene.desk.addCheckpoint(requests[1], from: scene.stockton.id)
            let answers = await [first, second]
            #expect(answers.count { $0.isCountersigned } == 1)
            #expect(answers.contains(.holds(size: 5)) || answers.contains(.holds(size: 6)))
        }
    }
}
