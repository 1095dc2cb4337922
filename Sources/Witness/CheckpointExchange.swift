package import Exchange
internal import Ledger
internal import Logging
internal import Statements
internal import Synchronization
internal import Transport
internal import Vocabulary

/// Has every partner countersign our newest checkpoint: after each exchange with it, and once a day.
///
///     rung ─► one request a partner at a time, `swapInterval` apart ─► countersigned ─► verified ─► kept
///                                              └► it holds another size: proved from there, once
///
/// Nothing of it becomes an event, so two daemons with nothing to exchange fall silent. Trouble here never holds up a
/// delivery.
package actor CheckpointExchange {
    /// How far one partner has come.
    private struct Turn {
        var isServed = false
        var isWanted = false
        /// Also if nothing was added since.
        var isDaily = false
        var failures = 0
        /// Which of our ledgers it countersigned last, and how much of it.
        var known: (origin: String, size: Int64)?
        /// A road on which nothing is answered at once carries the very same request until it is answered.
        var waiting: (request: CheckpointRequest, since: Instant, boot: Double)?
    }

    private let agency: Agency
    private let noteKeys: NoteKeys
    private let courier: CourierSource
    private let probe: RollbackProbe?
    private var turns: [AgencyID: Turn] = [:]
    private static let day: Int64 = 86_400
    /// Seconds.
    private static let longestPause = 300.0

    package init(
        agency: Agency, noteKeys: NoteKeys, probe: RollbackProbe?, couriers: @escaping CourierSource
    ) {
        (self.agency, self.noteKeys) = (agency, noteKeys)
        self.probe = probe
        courier = couriers
    }

    package func run() async {
        let (wishes, tell) = AsyncStream<AgencyID>.makeStream()
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.listen(tell) }
                group.addTask { await self.keepDays(tell) }
                for await partner in wishes { group.addTask { await self.serve(partner) } }
                group.cancelAll()
            }
        } onCancel: {
            tell.finish()
        }
    }

    private func listen(_ tell: AsyncStream<AgencyID>.Continuation) async {
        for await told in agency.signals.listen(for: .exchanged) {
            for case .exchanged(let partner) in told where want(partner) { tell.yield(partner) }
        }
    }

    /// At the start and once a day everybody; once an hour a look at who has not countersigned for long.
    private func keepDays(_ tell: AsyncStream<AgencyID>.Continuation) async {
        try? await agency.rollback.untilClear()
        var hour = 0
        while !Task.isCancelled {
            for partner in agency.partners.all.map(\.id) {
                if hour % 24 == 0, want(partner, isDaily: true) { tell.yield(partner) }
                await CheckpointLateness(agency: agency).look(at: partner)
            }
            hour += 1
            try? await Task.sleep(for: .seconds(3600))
        }
    }

    /// Whether somebody must begin to serve it.
    private func want(_ partner: AgencyID, isDaily: Bool = false) -> Bool {
        var turn = turns[partner] ?? Turn()
        defer { turns[partner] = turn }
        turn.isWanted = true
        turn.isDaily = turn.isDaily || isDaily
        guard !turn.isServed else { return false }
        turn.isServed = true
        return true
    }

    private func serve(_ partner: AgencyID) async {
        while !Task.isCancelled, let turn = turns[partner], turn.isWanted {
            turns[partner]?.isWanted = false
            let pause = await swap(with: partner, turn)
            try? await Task.sleep(for: .seconds(pause))
        }
        turns[partner]?.isServed = false
    }

    /// Seconds before the next may begin.
    private func swap(with partner: AgencyID, _ turn: Turn) async -> Double {
        do {
            guard agency.rollback.refusal == nil, agency.partners[partner] != nil else { return ended(partner) }
            try await swapOnce(with: partner, turn)
            return ended(partner)
        } catch {
            return again(partner, after: error)
        }
    }

    private func ended(_ partner: AgencyID) -> Double {
        turns[partner]?.failures = 0
        turns[partner]?.isDaily = false
        turns[partner]?.waiting = nil
        return agency.rules.swapInterval
    }

    private func again(_ partner: AgencyID, after error: any Error) -> Double {
        let trouble = error as? TryLater
        agency.log.log(
            level: trouble?.reason == .unreachable ? .debug : .notice, "not countersigned yet",
            metadata: ["partner": "\(partner)", "why": "\(trouble?.explanation ?? "\(error)")"])
        // A road without answers has none later either.
        if trouble?.reason == .misunderstood { return ended(partner) }
        let failures = min((turns[partner]?.failures ?? 0) + 1, 20)
        turns[partner]?.failures = failures
        turns[partner]?.isWanted = true
        return min(Self.longestPause, max(agency.rules.swapInterval, Double(1 << failures)))
    }

    private func swapOnce(with partner: AgencyID, _ turn: Turn) async throws {
        if let why = await agency.rollback.outward(partner) { throw why }
        guard let request = try await request(to: partner, turn) else { return }
        let (sent, boot) = (turn.waiting?.since ?? agency.clock.now(), turn.waiting?.boot ?? agency.clock.boot())
        let answer: WitnessAnswer
        do throws(TryLater) { answer = try await ask(partner, request) } catch {
            if error.reason == .busy { turns[partner]?.waiting = (request, sent, boot) }
            throw error
        }
        turns[partner]?.waiting = nil
        try await take(answer, to: request, from: partner, sent: sent, isSecond: false)
    }

    private func ask(_ partner: AgencyID, _ request: CheckpointRequest) async throws(TryLater) -> WitnessAnswer {
        let road: any Courier
        do { road = try courier(partner) } catch { throw TryLater(.ours, "\(error)") }
        return try await road.addCheckpoint(request.bytes)
    }

    /// Nil if it has countersigned all there is, and today.
    private func request(to partner: AgencyID, _ turn: Turn) async throws -> CheckpointRequest? {
        if let waiting = turn.waiting, agency.clock.boot() < waiting.boot + Double(Self.day) { return waiting.request }
        let origin = await agency.ledger.origin.description
        if turns[partner]?.known?.origin != origin {
            let newest = try await agency.ledger.newestCountersigned().first { $0.partner == partner }
            turns[partner]?.known = (origin, newest.flatMap { $0.note.hasPrefix(origin + "\n") ? $0.size : nil } ?? 0)
        }
        let old = turns[partner]?.known?.size ?? 0
        let request = try await CheckpointRequest(from: old, agency.ledger)
        guard request.head.size > 0, request.head.size > old || turn.isDaily else { return nil }
        return request
    }

    private func take(
        _ answer: WitnessAnswer, to request: CheckpointRequest, from partner: AgencyID, sent: Instant, isSecond: Bool
    ) async throws {
        switch answer {
        case .countersigned(let lines):
            try await keep(lines, request, partner, sent)
        case .holds(let size) where size <= request.head.size && !isSecond:
            let second = try await CheckpointRequest(from: size, agency.ledger)
            let sent = agency.clock.now()
            try await take(
                ask(partner, second), to: second, from: partner, sent: sent, isSecond: true)
        case .holds, .refused(.inconsistent):
            await probe?.doubt(partner)
            throw TryLater(.ours, "\(partner) says that our ledger does not continue the one that it has seen.")
        case .refused(let why):
            throw TryLater(
                .ours, "\(partner) does not countersign (\(why.rawValue)). Perhaps it lacks our newest card.")
        }
    }

    private func keep(_ lines: [UInt8], _ request: CheckpointRequest, _ id: AgencyID, _ sent: Instant) async throws {
        guard let partner = agency.partners[id] else { throw UnknownPartner(id: id) }
        let now = agency.clock.now()
        let (note, at) = try request.countersigned(lines, by: partner, at: now, noteKeys.crypto)
        agency.clock.skew.note(partner: id, their: at, sent: sent, received: now)
        guard abs(at.seconds - now.seconds) <= Self.day else {
            throw TryLater(.misunderstood, "\(id) countersigned at \(at), more than a day from our clock.")
        }
        turns[id]?.known = (request.head.origin, request.head.size)
        try await agency.ledger.keep(Countersigned(partner: id, size: request.head.size, at: at, note: note))
        agency.alarms.alarm(CheckpointLateness.alarm(id), nil)
    }
}
