import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Statements
import Synchronization
import Testing
import Transport
import Vocabulary

/// What the receiving desk, and whoever explains a failure, do with dates that cannot be.
@Suite struct WrongClockTests {
    private static let day: Int64 = 86_400

    @Test("a waybill dated days ahead is told so by a kind of its own, and whose clock differs is an alarm here")
    func datedAhead() async throws {
        try await inTemporaryFolder { root in
            let scene = try ArrivalTests.Scene(root)
            let parcel = try Parcelled(
                [1], from: scene.stockton, to: scene.police, at: Clock.start.adding(seconds: 40 * Self.day))
            guard case .problem(let problem) = try await scene.send(parcel) else {
                Issue.record("it was taken")
                return
            }
            #expect(problem.kind == .clock)
            #expect(scene.agency.alarms.current["clock/stockton"]?.contains("40 days or more ahead of ours") == true)
            scene.clock.set(by: 40 * Self.day)
            guard case .receipt = try await scene.send(parcel) else {
                Issue.record("it was not taken once the clocks agreed")
                return
            }
        }
    }

    @Test(
        "what a key signed is taken thirty days after its end and not after that, whatever date it bears",
        arguments: [Int64(30), 31])
    func endedKey(_ days: Int64) async throws {
        try await inTemporaryFolder { root in
            let scene = try ArrivalTests.Scene(root)
            let parcel = try scene.parcel()
            let messages = try parcel.messages(signed: signedByKeyOfADay(parcel))
            scene.clock.advance(seconds: (1 + days) * Self.day)
            let isTaken = if case .receipt = try await scene.send(parcel, messages) { true } else { false }
            #expect(isTaken == (days == 30) && scene.inbox.isEmpty == (days != 30))
        }
    }

    @Test("while our own clock may be wrong no key is too old")
    func endedKeyAndDoubtfulClock() async throws {
        try await inTemporaryFolder { root in
            let scene = try ArrivalTests.Scene(root)
            scene.agency.clock.ours.watch(
                ClockJudge(memory: "\(scene.clock.now) 0", entry: nil, token: nil, others: [], boot: scene.clock.boot))
            let parcel = try scene.parcel()
            let messages = try parcel.messages(signed: signedByKeyOfADay(parcel))
            scene.clock.set(by: 100 * Self.day)
            let answer = try await scene.send(parcel, messages)
            guard case .receipt = answer else {
                Issue.record("\(answer)")
                return
            }
        }
    }

    /// Its sender's signing key, in a certificate that ends a day from then.
    private func signedByKeyOfADay(_ parcel: Parcelled) throws -> [UInt8] {
        let (id, keys) = (parcel.sender.id, parcel.sender.keys)
        let issuer = try Issuer(agency: id, key: keys.identity.key(), identity: keys.identity.certificate)
        let short = try issuer.issue(.signing, for: keys.signing.certificate.publicKey, now: Clock.start, days: 1)
        return try StatementSigner(key: keys.signing.key(), certificate: short)
            .sign(parcel.waybill.encoded, at: parcel.waybill.signedAt)
    }

    private func mark(_ parcel: Parcelled, _ agency: Agency) async throws -> StagingMark? {
        try await agency.ledger.stagingMark(ConsignmentKey(.received, parcel.sender.id, parcel.waybill.id))
    }

    @Test("what is staged outlives a clock a year ahead, and one that was set back does not keep it for ever")
    func staging() async throws {
        try await inTemporaryFolder { root in
            let scene = try ArrivalTests.Scene(root)
            let agency = scene.agency
            agency.clock.ours.watch(
                ClockJudge(memory: "\(scene.clock.now) 0", entry: nil, token: nil, others: [], boot: scene.clock.boot))
            let parcel = try scene.parcel()
            _ = try await scene.send(parcel, keeping: 150_000)
            #expect(try await mark(parcel, agency) != nil)
            // Another desk: the first one would keep what rests with it.
            let desk = scene.house.desk()
            scene.clock.set(by: 365 * Self.day)
            try await desk.purge()
            #expect(try await mark(parcel, agency) != nil && scene.staged.count == 1)

            // Marked while the clock was ahead, looked at when it is right again.
            let made = try #require(try await mark(parcel, agency))
            try await agency.ledger.setStagingMark(
                StagingMark(key: made.key, waybill: made.waybill, next: made.next, at: scene.clock.now))
            scene.clock.set(by: -365 * Self.day)
            try await desk.purge()
            #expect(try await mark(parcel, agency)?.at == scene.clock.now)
            scene.clock.advance(seconds: 8 * Self.day)
            try await desk.purge()
            #expect(try await mark(parcel, agency) == nil && scene.staged.isEmpty)
        }
    }

    @Test(
        "a card stays a partner's whatever our clock says; by it nothing is sealed, and a new one is not taken",
        arguments: [-3, 30])
    func card(years: Int64) throws {
        let agency = try TestAgency("tewv", root: "/nowhere")
        let pin = agency.keys.identity.certificate.fingerprint
        let now = Clock.start.adding(seconds: years * 365 * Self.day)
        let partner = try CardReader.known(agency.signedCard, pinned: pin)
        #expect(partner.usable(.sealing, at: now).isEmpty)
        let problem = #expect(throws: CardProblem.self) {
            try CardReader.verify(agency.signedCard, pinned: pin, at: now)
        }
        #expect(problem?.description.contains("clock") == true)
    }

    @Test("a failure on the road names our own clock first while that is in doubt, and only then")
    func minded() async throws {
        try await inTemporaryFolder { root in
            let clock = Clock()
            let agency = try TestAgency("stockton", root: root).agency(knowing: [], at: clock)
            agency.clock.ours.watch(
                ClockJudge(memory: "\(clock.now) 0", entry: nil, token: nil, others: [], boot: clock.boot))
            let courier = ClockMindingCourier(RefusingCourier(), clock: agency.clock.ours)
            let id = ConsignmentID.make(at: clock.now)
            guard case .tryLater(let plain) = await courier.enquire(id) else {
                Issue.record("it answered")
                return
            }
            #expect(plain == RefusingCourier.why)
            clock.set(by: -3 * 365 * Self.day)
            guard case .tryLater(let told) = await courier.enquire(id) else {
                Issue.record("it answered")
                return
            }
            #expect(told.explanation.hasPrefix("FIRST THE CLOCK: this machine's says \(Self.day(clock.now))"))
            #expect(told.reason == plain.reason && told.after == plain.after)
            await #expect(throws: TryLater(.notTrusted, told.explanation, after: 7)) { try await courier.fetchCard() }
        }
    }

    @Test(
        "nothing is signed outside the dates of our certificate, for nobody could ever verify it", arguments: [-3, 30])
    func signing(years: Int64) async throws {
        try await inTemporaryFolder { root in
            let agency = try TestAgency("stockton", root: root).agency(knowing: [], at: Clock())
            let moment = Clock.start.adding(seconds: years * 365 * Self.day)
            let error = #expect(throws: OurSigner.OutOfDate.self) {
                try agency.us.signer.sign(Array("{}".utf8), at: moment)
            }
            #expect(error?.description.contains("set this machine's clock") == true)
            #expect(error?.description.contains("keys rotate signing") == (years > 0))
            #expect(try !agency.us.signer.sign(Array("{}".utf8), at: Clock.start).isEmpty)
        }
    }

    private static func day(_ instant: Instant) -> Substring { instant.description.prefix(10) }

    /// A road on which certificates do not hold.
    private struct RefusingCourier: Courier {
        static let why = TryLater(.notTrusted, "Their certificate is not valid.", after: 7)

        func carry(_ batch: [Outgoing]) async -> [CarryEnd] { batch.map { _ in .answered(.tryLater(Self.why)) } }
        func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] { ids.map { _ in .tryLater(Self.why) } }
        func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? { Self.why }
        func fetchCard() async throws(TryLater) -> [UInt8] { throw Self.why }
        func settled(_ ids: [ConsignmentID]) async {}
        func shutdown() async {}
    }
}

/// The file's own time, from the sender's disk to the recipient's.
@Suite struct ModifiedFileTests {
    private func attributes(_ path: String) throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }

    @Test("the inbox file and its side-car bear the time that the waybill says; without one the inbox file is new")
    func published() async throws {
        try await inTemporaryFolder { root in
            let scene = try ArrivalTests.Scene(root)
            for (name, moment) in [("old.pdf", Instant?.some(Instant(seconds: 1_700_000_000))), ("new.pdf", nil)] {
                var parcel = try scene.parcel(name: name)
                let file = parcel.waybill.file
                let dated = try FileDescription(
                    name: file.name, size: file.size, sha256: file.sha256, mediaType: file.mediaType, modified: moment)
                let plain = parcel.waybill
                parcel.waybill = Waybill(
                    id: plain.id, parties: plain.parties, signedAt: plain.signedAt, bind: plain.bind, file: dated,
                    partSize: plain.partSize, label: plain.label, submittedBy: plain.submittedBy)
                guard case .receipt = try await scene.send(parcel) else {
                    Issue.record("it was not taken")
                    return
                }
                let there = try attributes("\(scene.police.root)/inbox/stockton/strategy-meeting/\(name)")
                let sideCar = try JSON(
                    parsing: [UInt8](
                        Data(
                            contentsOf: URL(
                                fileURLWithPath: "\(scene.police.root)/inbox/stockton/.waybills/\(plain.id).json")
                        ).dropLast()))
                guard case .object(let members) = sideCar else {
                    Issue.record("no side-car")
                    return
                }
                if moment != nil {
                    #expect(there == Date(timeIntervalSince1970: 1_700_000_000))
                    #expect(members["modified"] == .string("2023-11-14T22:13:20.000Z"))
                } else {
                    #expect(abs((there ?? .distantPast).timeIntervalSinceNow) < 3600)
                    #expect(members["modified"] == nil)
                }
            }
        }
    }
}
