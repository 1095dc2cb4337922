import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Policy
import Proofs
import Statements
import Testing
import Transport
import Vocabulary

/// Faults that were found by attack, each with the way in.
@Suite(.timeLimit(.minutes(5))) struct RecallRaceTests {
    private typealias Pair = LaterStatementTests.Pair

    @Test("a recall that waits for an attempt wins over a partner's new card in the meantime")
    func cardChanged() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let scene = pair.scene
            let gate = Gate()
            scene.courier.script { parcel in
                _ = try await parcel.message(0)
                await gate.wait()
                return .tryLater(TryLater(.unreachable, "away"))
            }
            let sending = scene.life()
            let running = Task { try await sending.run() }
            try await scene.drop([1], "minutes.pdf", "strategy-meeting")
            try await eventually { scene.courier.calls >= 1 }
            let id = try #require(try await scene.records.first).key.id
            async let recalled = sending.recall(id, because: "Wrong family.", by: "r.okafor")
            try await Task.sleep(for: .milliseconds(100))
            async let changed: Void = sending.partnerChanged(scene.police.id)
            try await Task.sleep(for: .milliseconds(100))
            scene.courier.script(nil)
            gate.open()
            _ = try await recalled
            await changed
            try await Task.sleep(for: .milliseconds(500))
            running.cancel()
            try await running.value
            #expect(try await scene.records.map(\.state) == [.recalled])
            #expect(scene.names("inbox/stockton/strategy-meeting", of: scene.police).isEmpty)
        }
    }

    @Test("what waits for a partner who is removed goes when they are added again, or is taken back")
    func removedAndAdded() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root, retry: 600)
            let scene = pair.scene
            scene.courier.script { _ in .tryLater(TryLater(.unreachable, "away")) }
            let sending = scene.life()
            let running = Task { try await sending.run() }
            try await scene.drop([1], "minutes.pdf", "strategy-meeting")
            try await eventually { scene.courier.calls >= 1 }
            let partner = try #require(scene.agency.partners[scene.police.id])
            scene.agency.partners.remove(scene.police.id)
            await sending.partnerChanged(scene.police.id)
            scene.courier.script(nil)
            scene.agency.partners.put(partner)
            await sending.partnerChanged(scene.police.id)
            try await eventually { try await scene.records.first?.state == .delivered }
            running.cancel()
            try await running.value
            #expect(try await scene.records.map(\.state) == [.delivered])
        }
    }

    @Test("a statement that the partner does not understand holds up no other")
    func misunderstood() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root, retry: 600)
            for name in ["one.pdf", "two.pdf"] {
                let id = try await pair.deliver(name: name)
                _ = try await pair.recall(id)
            }
            pair.scene.courier.refuseStatements([TryLater(.misunderstood, "400")])
            try await pair.post { try await pair.duties(pair.policeAgency, .recalled).count == 1 }
        }
    }

    @Test("an outsider's proof of what was recalled shows that it was, as signed, not by whom or what followed")
    func proof() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            _ = try await pair.recall(id)
            let key = ConsignmentKey(.sent, pair.scene.police.id, id)
            let home = ProofHome(card: pair.scene.stockton.signedCard, theirs: pair.scene.police.signedCard)
            let contents = try await ProofContents.gather(key, from: pair.scene.agency.ledger, home)
            let kinds = contents.entries.map(\.event.leaf.kind)
            #expect(kinds.contains(EventKind.recalled))
            #expect(kinds.contains(EventKind.delivered))
            let hidden: Set<EventKind> = [.recalled, .released]
            for entry in contents.entries where hidden.contains(entry.event.leaf.kind) {
                #expect(entry.event.detail == nil)
                #expect(entry.event.salt == nil)
            }
        }
    }

    @Test("an answer that nobody asked for opens no incident")
    func unsolicited() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            let id = try await pair.deliver()
            let record = try #require(try await pair.scene.records.first)
            let statement = LaterStatement(
                .retained, consignment: id, waybill: try #require(record.waybill), parties: try pair.parties(),
                because: "kept", signedAt: WallClock.now())
            let keys = pair.scene.police.keys.signing
            let signed = try StatementSigner(key: keys.key(), certificate: keys.certificate)
                .sign(statement.encoded, at: statement.signedAt)
            #expect(await pair.stocktonDesk.take(statement: signed, from: pair.scene.police.id) == nil)
            #expect(try await pair.duties(pair.scene.agency, .incident).isEmpty)
        }
    }

    @Test("a slip in a label does not hold up an emergency: it goes, and the slip is left open for the review")
    func emergencySlip() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            try await pair.scene.drop(Array("categories: [pd-99]".utf8), "now.txt.label.yaml", "urgent")
            try await pair.scene.run([1], name: "now.txt", route: "urgent") {
                try await pair.scene.records.first?.state == .delivered
            }
            let review = try #require(try await pair.duties(pair.scene.agency, .review).first)
            #expect(review.facts["deferred"]?.contains("R-000") == true)
        }
    }

    @Test("nobody can have been told by us before we had it")
    func toldBefore() async throws {
        try await inTemporaryFolder { root in
            let pair = try Pair(root)
            _ = try await pair.deliver(sideCar: "subjects: [{ ref: TS-1042, role: child }]")
            let notice = try #require(try await pair.duties(pair.policeAgency, .notice).first)
            var evidence = NoticeEvidence()
            (evidence.on, evidence.channel, evidence.noticeVersion) = (try CalendarDate("2020-01-01"), "letter", "v1")
            let desk = pair.scene.policeHouse.duties
            let early = evidence
            await #expect(throws: OfficerProblem.self) {
                try await desk.closeNotice(notice.id, ground: NoticeActs.told, early, by: "r.okafor")
            }
            evidence.on = WallClock.now().londonDate
            try await desk.closeNotice(notice.id, ground: NoticeActs.told, evidence, by: "r.okafor")
            #expect(try await pair.duties(pair.policeAgency, .notice).first?.state == .closed)
        }
    }

    /// Closed until opened.
    private final class Gate: Sendable {
        private let stream: AsyncStream<Void>
        private let continuation: AsyncStream<Void>.Continuation

        init() { (stream, continuation) = AsyncStream.makeStream() }
        func wait() async { for await _ in stream { break } }
        func open() { continuation.finish() }
    }
}

extension LaterStatementTests.Pair {
    /// One life of the sender in which a person recalls something.
    func recall(_ id: ConsignmentID) async throws -> Sending.Recalled {
        let sending = scene.life()
        let running = Task { try await sending.run() }
        let answer: Result<Sending.Recalled, any Error>
        do { answer = .success(try await sending.recall(id, because: "Wrong family.", by: "r.okafor")) } catch {
            answer = .failure(error)
        }
        running.cancel()
        try await running.value
        return try answer.get()
    }
}
