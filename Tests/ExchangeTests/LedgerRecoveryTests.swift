import Envelope
import Exchange
import ExchangeTesting
import Folders
import Ledger
import Synchronization
import Testing
import Transport
import Vocabulary
import Witness

/// What a partner gives back after a restored backup is believed only as far as it is signed.
@Suite struct LedgerRecoveryTests {
    /// A partner who gives these pages, one after another, and then nothing.
    final class Pages: Courier {
        private let left: Mutex<[[UInt8]]>
        private let last: [UInt8]

        init(_ pages: [[UInt8]], forEver last: [UInt8] = []) {
            left = Mutex(pages)
            self.last = last
        }

        func exchanged(since: Instant, after: ConsignmentID?) async throws(TryLater) -> [UInt8] {
            left.withLock { $0.isEmpty ? last : $0.removeFirst() }
        }
        func witnessedCheckpoint() async throws(TryLater) -> String? { nil }
        func carry(_ batch: [Outgoing]) async -> [CarryEnd] { batch.map { _ in .answered(.tryLater(.oneWay)) } }
        func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] { ids.map { _ in .unknown } }
        func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? { .oneWay }
        func fetchCard() async throws(TryLater) -> [UInt8] { throw .oneWay }
        func settled(_ ids: [ConsignmentID]) async {}
        func shutdown() async {}
    }

    /// Stockton sent these; only the police know.
    private func deliver(_ count: Int, _ scene: WitnessScene) async throws -> [Parcelled] {
        var sent: [Parcelled] = []
        for number in 0..<count {
            scene.clock.advance(seconds: 1)
            let parcel = try Parcelled(
                Array("content \(number)".utf8), from: scene.stockton, to: scene.police, name: "file-\(number).pdf",
                at: scene.clock.now)
            var body = TestBody(try parcel.messages())
            let answer = await scene.desk.receive(
                parcel.waybill.id, from: scene.stockton.id, startingAt: 1, body: &body)
            guard case .receipt = answer else { throw Malformed("fixture", "not received: \(answer)") }
            sent.append(parcel)
        }
        return sent
    }

    private func page(_ scene: WitnessScene) async throws -> [UInt8] {
        try await scene.desk.exchanged(with: scene.stockton.id, since: Instant(seconds: 0), after: nil)
    }

    private func recover(_ scene: WitnessScene, _ courier: any Courier) async throws -> RecoveryReport {
        try await LedgerRecovery(agency: scene.agency, rollback: scene.rollback, couriers: { _ in courier })
            .recover(because: "test", by: "anna", evenSo: true)
    }

    private func rows(_ scene: WitnessScene) async throws -> [ConsignmentRecord] {
        try await scene.ledger.list(LedgerFilter(), after: nil, limit: 1000)
    }

    @Test("every consignment comes back with the receipt as it was signed; a second time changes nothing")
    func honest() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            let sent = try await deliver(3, scene)
            let road = FakeCourier(from: scene.stockton.id, to: scene.desk)
            let report = try await recover(scene, road)
            #expect(report.counts.map { [$0.sent, $0.received, $0.known, $0.refused] } == [[3, 0, 0, 0]])
            let rows = try await rows(scene)
            #expect(Set(rows.map(\.key.id)) == Set(sent.map(\.waybill.id)))
            #expect(rows.allSatisfy { $0.state == .delivered && $0.key.direction == .sent })
            for row in rows {
                let theirs = ConsignmentKey(.received, scene.stockton.id, row.key.id)
                let receipt = try await scene.policeAgency.ledger.statement(.received, of: theirs)
                #expect(try await scene.ledger.statement(.delivered, of: row.key) == receipt)
                #expect(row.receiptSHA256 == receipt.map(SHA256.digest))
            }
            let size = await scene.ledger.testOnlyEvents.count
            scene.clock.advance(seconds: 5)
            let again = try await recover(scene, road)
            #expect(again.counts.map(\.known) == [3])
            #expect(await scene.ledger.testOnlyEvents.count == size + 1, "only its own epoch")
            #expect(scene.rollback.isClear)
        }
    }

    @Test("more than a page comes page by page")
    func pages() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            let sent = try await deliver(2, scene)
            let (whole, last) = (try await page(scene), try #require(sent.last?.waybill.id))
            let rest = try await scene.desk.exchanged(
                with: scene.stockton.id, since: Instant(seconds: 0), after: last)
            #expect(!rest.isEmpty && whole.count > rest.count && whole.suffix(rest.count) == rest[...])
            let first = try #require(sent.first?.waybill.id)
            #expect(
                try await scene.desk.exchanged(with: scene.stockton.id, since: Instant(seconds: 0), after: first)
                    .isEmpty)
            await #expect(throws: Transport.Problem.self) {
                try await scene.desk.exchanged(
                    with: scene.stockton.id, since: Instant(seconds: 0), after: .make(at: Clock.start))
            }
            let late = scene.clock.now.adding(seconds: 3600)
            #expect(try await scene.desk.exchanged(with: scene.stockton.id, since: late, after: nil).isEmpty)
            let stranger = try AgencyID("nobody")
            #expect(try await scene.desk.exchanged(with: stranger, since: Instant(seconds: 0), after: nil).isEmpty)
        }
    }

    @Test("what is damaged, of others, doubled or garbage is left out, and a partner who never ends is left")
    func liar() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            let sent = try await deliver(2, scene)
            let good = try await page(scene)
            let statements = try split(good)
            #expect(statements.count == 4)
            // The receipt of one under the waybill of the other; then nothing to it.
            let crossed = statements[0] + statements[3] + statements[2] + statements[1]
            var flipped = good
            flipped[statements[0].count - 3] ^= 1
            flipped[good.count - 3] ^= 1
            let stranger = try TestAgency("tewv", root: root)
            let foreign = try Parcelled(Array("x".utf8), from: stranger, to: scene.police).signed() + statements[1]
            // A waybill in our name that we never signed.
            let forged = try Parcelled(Array("x".utf8), from: scene.stockton, to: scene.police)
                .signed(by: scene.police.keys)
            for bad in [
                crossed, flipped, foreign, forged + statements[1], Random.bytes(5000), [0x30], Array(good.dropLast(9)),
            ] {
                _ = try await recover(scene, Pages([bad]))
                scene.clock.advance(seconds: 5)
            }
            // Cut off, the first of two was whole.
            #expect(try await rows(scene).map(\.key.id) == [try #require(sent.last).waybill.id])
            _ = try await recover(scene, Pages([good + good], forEver: good))
            #expect(try await rows(scene).count == 2)
        }
    }

    private func split(_ page: [UInt8]) throws -> [[UInt8]] {
        var stream = DERStream()
        stream.expectParts(100, ofSize: 1 << 18)
        var (offset, statements) = (0, [[UInt8]]())
        while let statement = try stream.next(in: page.span, at: &offset) { statements.append(statement) }
        return statements
    }

    @Test("nobody recovers where nothing was noticed, unless they insist")
    func refused() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            await #expect(throws: OfficerProblem.self) {
                try await LedgerRecovery(agency: scene.agency, rollback: scene.rollback, couriers: { _ in Pages([]) })
                    .recover(because: "test", by: "anna", evenSo: false)
            }
            #expect(scene.rollback.isClear)
            #expect(await scene.ledger.testOnlyEvents.isEmpty)
        }
    }

    @Test("who cannot be reached is owed, who cannot be asked is silent, and both are remembered")
    func absent() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            let road = FakeCourier(from: scene.stockton.id, to: scene.desk)
            road.away = TryLater(.unreachable, "away")
            let report = try await recover(scene, road)
            #expect(report.unreached.keys.sorted() == [scene.police.id])
            #expect(scene.rollback.standstill.owed.keys.sorted() == [scene.police.id])
            let probe = scene.probe(asking: { _ in road })
            let rollback = scene.rollback.asking { await probe.admit($0, isComing: $1) }
            await probe.check()
            #expect(scene.rollback.standstill.owed.keys.sorted() == [scene.police.id])
            #expect(await rollback.outward(scene.police.id)?.reason == .unreachable)
            road.away = nil
            #expect(await rollback.outward(scene.police.id) == nil)
            #expect(scene.rollback.standstill.owed.isEmpty)

            scene.clock.advance(seconds: 5)
            road.away = .oneWay
            #expect(try await recover(scene, road).silent == [scene.police.id])
            await probe.check()
            #expect(scene.rollback.standstill.silent == [scene.police.id])
        }
    }
}
