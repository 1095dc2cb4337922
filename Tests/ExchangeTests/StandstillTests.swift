import Envelope
import Exchange
import ExchangeTesting
import Ledger
import Testing
import Transport
import Vocabulary
import Witness

/// A restored backup is noticed by what the partners hold.
@Suite struct StandstillTests {
    private let notice = Standstill.Notice(
        what: .ahead, by: nil, theirs: 9, ours: 5, at: Clock.start, origin: "o", note: "n")

    @Test("checking goes on once all were asked, unless one has noticed; only a recovery ends that")
    func states() throws {
        let partner = try AgencyID("cleveland-police")
        var fine = Standstill(asking: [partner], notices: [])
        #expect(fine.state == .checking && fine.mustAsk(partner))
        fine.answered(partner)
        fine.checked()
        #expect(fine.state == .clear && !fine.mustAsk(partner))
        fine.noticed(notice)
        #expect(fine.state == .stopped)
        fine.checked()
        #expect(fine.state == .stopped, "asking again ends nothing")
        fine.recovered(at: Clock.start)
        #expect(fine.state == .clear && fine.notices.isEmpty && fine.recoveredAt == Clock.start)

        var stopped = Standstill(asking: [partner], notices: [notice])
        stopped.checked()
        #expect(stopped.state == .stopped, "remembered from a former life")
        #expect(try Standstill.Notice(notice.json) == notice)
    }

    /// What stockton's daemon finds when it starts on a ledger of `size` events of which the partner has seen 8.
    private func start(
        _ size: Int, fork: Int? = nil, epoch: Bool = false, seen: Int = 8,
        _ check: (WitnessScene, RollbackProbe) async throws -> Void
    ) async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            #expect(try await scene.ask(seen, from: 0).isCountersigned)
            try await scene.ledger.fill(size, fork: fork)
            if epoch { _ = try await scene.ledger.beginEpoch(["because": .string("test")], at: scene.clock.now) }
            let probe = scene.probe()
            await probe.check()
            try await check(scene, probe)
        }
    }

    @Test("the very ledger, and one that has grown since, go on", arguments: [8, 9, 30])
    func grown(_ size: Int) async throws {
        try await start(size) { scene, _ in
            #expect(scene.rollback.isClear)
            #expect(scene.agency.alarms.current.isEmpty)
        }
    }

    @Test("a ledger that its own epoch events explain goes on")
    func afterEpoch() async throws {
        try await start(5, epoch: true) { scene, _ in #expect(scene.rollback.isClear) }
    }

    @Test(
        "a shorter ledger, another of the same size, and a longer one with another past stand still",
        arguments: [
            (5, nil, Standstill.Notice.What.ahead), (8, 3, .forked), (12, 3, .forked), (0, nil, .ahead),
        ] as [(Int, Int?, Standstill.Notice.What)])
    func rolledBack(_ size: Int, _ fork: Int?, _ what: Standstill.Notice.What) async throws {
        try await start(size, fork: fork) { scene, _ in
            let found = try #require(scene.rollback.standstill.notices.first)
            #expect((found.what, found.by, found.theirs, found.ours) == (what, scene.police.id, 8, Int64(size)))
            #expect(scene.rollback.isStopped)
            let alarm = try #require(scene.agency.alarms.current["restored"])
            #expect(alarm.contains("cleveland-police") && alarm.contains("waybill recover"))
            try await requireStandingStill(scene)
            // A restart without that partner still knows.
            let again = RollbackState(scene.ledger, isClosed: true)
            await scene.probe(again, asking: { throw UnknownPartner(id: $0) }).check()
            #expect(again.isStopped)
        }
    }

    private func requireStandingStill(_ scene: WitnessScene) async throws {
        let desk = scene.house.desk()
        await desk.recover()
        let parcel = try Parcelled(Array("x".utf8), from: scene.police, to: scene.stockton)
        var body = TestBody(try parcel.messages())
        let answer = await desk.receive(parcel.waybill.id, from: scene.police.id, startingAt: 1, body: &body)
        guard case .problem(let problem) = answer else {
            Issue.record("something was taken in: \(answer)")
            return
        }
        #expect(problem.kind == .busy && problem.retryAfter != nil)
        #expect(await desk.take(statement: [1], from: scene.police.id)?.kind == .busy)
        #expect(await desk.addCheckpoint([1], from: scene.police.id) == nil)
        await #expect(throws: (any Error).self) { try await desk.checkpoint() }
        #expect(await scene.rollback.outward(scene.police.id) != nil)
        if case .problem = await desk.status(of: parcel.waybill.id, for: scene.police.id) {
        } else {
            Issue.record("status was told")
        }
    }

    @Test("a partner who was away at the start is asked before anything goes to it, or is taken from it")
    func later() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            #expect(try await scene.ask(8, from: 0).isCountersigned)
            try await scene.ledger.fill(5)
            let road = FakeCourier(from: scene.stockton.id, to: scene.desk)
            road.away = TryLater(.unreachable, "away")
            let probe = scene.probe(asking: { _ in road })
            let rollback = scene.rollback.asking { await probe.admit($0, isComing: $1) }
            await probe.check()
            #expect(rollback.isClear)
            #expect(await rollback.outward(scene.police.id)?.reason == .unreachable)
            road.away = nil
            #expect(await rollback.outward(scene.police.id) != nil)
            #expect(scene.rollback.isStopped)
        }
    }

    @Test("what a partner invents stops nothing: another key, another agency, garbage")
    func liar() async throws {
        try await inTemporaryFolder { root in
            let scene = try WitnessScene(root)
            try await scene.ledger.fill(5)
            let origin = await scene.ledger.origin
            let forged = InMemoryLedger(origin: origin, crypto: FixedCrypto(), signer: try TestSigner())
            try await forged.fill(50)
            let theirs = try scene.police.witnessedLedger()
            try await theirs.fill(50)
            for note in [try await forged.checkpoint(), try await theirs.checkpoint(), "garbage\n\n— a b\n", ""] {
                let rollback = RollbackState(scene.ledger, isClosed: true)
                await scene.probe(rollback, asking: { _ in ToldCourier(note: note) }).check()
                #expect(rollback.isClear)
            }
        }
    }
}

/// A partner who says that it holds this.
struct ToldCourier: Courier {
    let note: String

    func carry(_ batch: [Outgoing]) async -> [CarryEnd] { batch.map { _ in .answered(.tryLater(.oneWay)) } }
    func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] { ids.map { _ in .unknown } }
    func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? { .oneWay }
    func fetchCard() async throws(TryLater) -> [UInt8] { throw .oneWay }
    func witnessedCheckpoint() async throws(TryLater) -> String? { note }
    func settled(_ ids: [ConsignmentID]) async {}
    func shutdown() async {}
}
