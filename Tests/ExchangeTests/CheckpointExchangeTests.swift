import Envelope
import Exchange
import ExchangeTesting
import Foundation
import Ledger
import Synchronization
import Testing
import Transport
import Vocabulary
import Witness

/// Our newest checkpoint gets its countersignature after each exchange, and nothing else happens.
@Suite(.timeLimit(.minutes(5))) struct CheckpointExchangeTests {
    /// Counts what is asked, and may answer in its own way.
    final class Road: Courier {
        typealias Answer = @Sendable (_ call: Int, _ request: [UInt8]) async throws(TryLater) -> WitnessAnswer?
        private let inner: FakeCourier<Arrivals>
        private let seen = Mutex<[[UInt8]]>([])
        private let answer: Answer

        init(_ scene: WitnessScene, answer: @escaping Answer = { _, _ throws(TryLater) in nil }) {
            inner = FakeCourier(from: scene.stockton.id, to: scene.desk)
            self.answer = answer
        }

        var requests: [[UInt8]] { seen.withLock { $0 } }

        func addCheckpoint(_ request: [UInt8]) async throws(TryLater) -> WitnessAnswer {
            let call = seen.withLock { seen in
                seen.append(request)
                return seen.count
            }
            if let given = try await answer(call, request) { return given }
            return try await inner.addCheckpoint(request)
        }
        func witnessedCheckpoint() async throws(TryLater) -> String? { try await inner.witnessedCheckpoint() }
        func carry(_ batch: [Outgoing]) async -> [CarryEnd] { batch.map { _ in .answered(.tryLater(.oneWay)) } }
        func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] { ids.map { _ in .unknown } }
        func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? { .oneWay }
        func fetchCard() async throws(TryLater) -> [UInt8] { throw .oneWay }
        func settled(_ ids: [ConsignmentID]) async {}
        func shutdown() async {}
    }

    private func swapping(
        _ events: Int, theirs: Clock? = nil, answer: @escaping Road.Answer = { _, _ throws(TryLater) in nil },
        _ check: (WitnessScene, Road) async throws -> Void
    ) async throws {
        try await inTemporaryFolder { root in
            var rules = HouseRules()
            rules.swapInterval = 0.02
            let scene = try WitnessScene(root, rules: rules, theirs: theirs)
            try await scene.ledger.fill(events)
            let road = Road(scene, answer: answer)
            let probe = scene.probe(asking: { _ in road })
            let checkpoints = CheckpointExchange(
                agency: scene.agency, noteKeys: scene.stockton.noteKeys, probe: probe, couriers: { _ in road })
            let running = Task { await checkpoints.run() }
            try await check(scene, road)
            running.cancel()
            await running.value
        }
    }

    private func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<3000 where try await !condition() { try await Task.sleep(for: .milliseconds(20)) }
        #expect(try await condition(), "\(what)")
    }

    @Test("a countersignature dated five minutes ahead shows that the clocks differ")
    func clocks() async throws {
        try await swapping(3, theirs: Clock(Clock.start.adding(seconds: 300))) { scene, _ in
            try await until("countersigned") { try await !scene.ledger.newestCountersigned().isEmpty }
            #expect(scene.agency.alarms.current["clock/\(scene.police.id)"] != nil)
        }
    }

    @Test(
        "at the start and after an exchange it is countersigned, verified and kept; idle, nothing is asked or written")
    func swaps() async throws {
        try await swapping(3) { scene, road in
            let sizes = { try await scene.ledger.newestCountersigned().map(\.size) }
            try await until("countersigned at the start") { try await sizes() == [3] }
            for _ in 0..<20 { scene.agency.signals.send(.exchanged(scene.police.id)) }
            try await Task.sleep(for: .milliseconds(200))
            #expect(road.requests.count == 1, "nothing was added, so nothing is asked")
            try await scene.ledger.fill(7)
            for _ in 0..<50 { scene.agency.signals.send(.exchanged(scene.police.id)) }
            try await until("countersigned after an exchange") { try await sizes() == [7] }
            #expect(await scene.ledger.testOnlyEvents.count == 7, "a countersignature is no event")
            #expect(try WitnessRequest(parsing: road.requests[1]).old == 3)
            let kept = try await scene.ledger.newestCountersigned()[0]
            let name = LedgerOrigin.witness(scene.police.id, scene.police.keys.identity.certificate.fingerprint)
            let key = try NoteKey(
                name: name, publicKey: scene.police.ledgerSigner().publicKey, TestCrypto(), kind: .cosignature)
            #expect(try SignedNote(parsing: Array(kept.note.utf8)).seen(by: key, TestCrypto()) == kept.at)
        }
    }

    @Test("a partner that holds another size than we think is given the proof from there")
    func otherSize() async throws {
        try await swapping(3) { scene, road in
            try await until("the first") { try await scene.ledger.newestCountersigned().map(\.size) == [3] }
            // The partner countersigned 5 and we never heard of it.
            #expect(try await scene.ask(5, from: 3).isCountersigned)
            try await scene.ledger.fill(9)
            scene.agency.signals.send(.exchanged(scene.police.id))
            try await until("the second") { try await scene.ledger.newestCountersigned().map(\.size) == [9] }
            #expect(road.requests.count == 3)
        }
    }

    @Test(
        "a countersignature that does not verify is not kept, and it is asked again",
        arguments: [
            "", "— waybill/cleveland-police/0000000000000000 AAAAAAAA\n", "garbage",
        ])
    func forged(_ lines: String) async throws {
        try await swapping(
            3, answer: { call, _ throws(TryLater) in call == 1 ? .countersigned(Array(lines.utf8)) : nil }
        ) {
            scene, road in
            try await until("the honest one") { try await scene.ledger.newestCountersigned().map(\.size) == [3] }
            #expect(road.requests.count >= 2)
        }
    }

    @Test("on a road that answers later, the very same request is carried until it is answered")
    func sameRequest() async throws {
        try await swapping(
            3,
            answer: { call, _ throws(TryLater) in
                if call < 3 { throw TryLater(.busy, "it lies on the share") }
                return nil
            }
        ) { scene, road in
            try await until("asked once") { road.requests.count == 1 }
            try await scene.ledger.fill(4)
            scene.agency.signals.send(.exchanged(scene.police.id))
            try await until("answered") { try await !scene.ledger.newestCountersigned().isEmpty }
            #expect(Set(road.requests.prefix(3)).count == 1)
        }
    }

    @Test("a partner's word that we lost events stops nothing; its note with our signature does")
    func doubt() async throws {
        try await swapping(3, answer: { call, _ throws(TryLater) in call == 1 ? .holds(size: 1000) : nil }) {
            scene, _ in
            try await until("countersigned all the same") {
                try await scene.ledger.newestCountersigned().map(\.size) == [3]
            }
            #expect(scene.rollback.isClear)
        }
        try await inTemporaryFolder { root in
            var rules = HouseRules()
            rules.swapInterval = 0.02
            let scene = try WitnessScene(root, rules: rules)
            #expect(try await scene.ask(8, from: 0).isCountersigned)
            try await scene.ledger.fill(5)
            let road = Road(scene)
            let probe = scene.probe(asking: { _ in road })
            let running = Task {
                await CheckpointExchange(
                    agency: scene.agency, noteKeys: scene.stockton.noteKeys, probe: probe, couriers: { _ in road }
                ).run()
            }
            try await until("standing still") { scene.rollback.isStopped }
            running.cancel()
            await running.value
        }
    }
}
