internal import Folders
internal import Synchronization
internal import Transport
internal import Vocabulary

/// Which consignments are arriving now: at most one arrival each, and a bounded number a partner.
///
///     begin ─► its waybill is read ─► enter ─► leave      (emergencies have places of their own, beside the others)
///
/// A newcomer cuts the older road, waits until its writer has let go, and goes on from there; so a half-open connection
/// never blocks the retry. A table and no actor: each arrival asks it seven times. Roads are cut outside its lock; the
/// budget's lock is taken inside it, never the other way round.
final class ArrivalTable: Sendable {
    /// What it takes of its partner's places. What is whole and in memory is bounded by its bytes.
    enum Place {
        case whole, routine, urgent

        var share: Budget.Share? {
            switch self {
            case .whole: nil
            case .routine: .routine
            case .urgent: .emergencies
            }
        }
    }

    private struct Slot {
        let ticket: Int
        let place: Place
        let cut: @Sendable () -> Void
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct State {
        var slots: [StagingKey: Slot] = [:]
        var unread: UnreadArrivals
        var watch: Task<Void, Never>?
        var tickets = 0
        /// Arrivals that were cut and may go on, oldest first: kept so that their digest need not be built again. Each holds
        /// a descriptor.
        var resting: [Staging] = []
        var disk: StagedBytes

        mutating func ticket() -> Int {
            tickets += 1
            return tickets
        }
    }

    private static let (mostResting, mostRestingEach) = (64, 16)
    private let budget: Budget
    private let state: Mutex<State>

    init(_ budget: Budget) {
        self.budget = budget
        let unread = UnreadArrivals(limit: Int(budget.bounds[.routine].each))
        state = Mutex(State(unread: unread, disk: StagedBytes(budget)))
    }

    // MARK: - In and out

    /// Lets an arrival in as far as its waybill: until that is read nobody knows whether it is an emergency.
    /// - Returns: a ticket, or nil if too many have just come.
    func begin(from partner: AgencyID, cut: @escaping @Sendable () -> Void) -> Int? {
        let (ticket, displaced) = state.withLock { state -> (Int?, (@Sendable () -> Void)?) in
            let ticket = state.ticket()
            switch state.unread.enter(ticket, from: partner, cut: cut, at: .now) {
            case .refused: return (nil, nil)
            case .entered(let displaced):
                watchUnread(&state)
                return (ticket, displaced)
            }
        }
        displaced?()
        return ticket
    }

    /// Its waybill is read. False if the partner has too many such arrivals or the older one of this consignment does not
    /// let go.
    func enter(
        _ key: StagingKey, _ ticket: Int, _ place: Place, cut: @escaping @Sendable () -> Void
    ) async -> Bool {
        let slot = Slot(ticket: ticket, place: place, cut: cut)
        let (older, isIn) = state.withLock { state in
            state.unread.leave(ticket, from: key.partner)
            return (state.slots[key], take(key, slot, &state))
        }
        guard let older else { return isIn }
        await supersede(key, older)
        return state.withLock { take(key, slot, &$0) }
    }

    /// For what is here whole: it cuts nobody and waits for nobody. False if the same consignment is arriving already.
    func enterWhole(_ key: StagingKey, _ ticket: Int) -> Bool {
        state.withLock { take(key, Slot(ticket: ticket, place: .whole, cut: {}), &$0) }
    }

    /// Whether it is here whole and being worked on: it will have its answer in a moment.
    func isWhole(_ key: StagingKey) -> Bool { state.withLock { $0.slots[key]?.place == .whole } }

    private func take(_ key: StagingKey, _ slot: Slot, _ state: inout State) -> Bool {
        guard state.slots[key] == nil else { return false }
        // Whatever else a partner brings, its emergencies have their places.
        if let share = slot.place.share, !budget.take(of: share, for: .partner(key.partner)) { return false }
        state.slots[key] = slot
        return true
    }

    /// Its waybill is read, and it enters with its batch.
    func isRead(_ ticket: Int, from partner: AgencyID) { state.withLock { $0.unread.leave(ticket, from: partner) } }

    /// Its waybill is read on, after a pause that was ours.
    func isUnread(_ ticket: Int, from partner: AgencyID, cut: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.unread.renew(ticket, from: partner, cut: cut, at: .now)
            watchUnread(&state)
        }
    }

    /// There is no room in memory for one more waybill of a partner: the oldest that does not come makes room.
    func makeRoom(from partner: AgencyID, for ticket: Int) {
        state.withLock { $0.unread.displace(from: partner, for: ticket, at: .now) }?()
    }

    /// For a statement of ours about a consignment, while which nothing of it may arrive. Nil if something does.
    func hold(_ key: StagingKey) async -> Int? {
        let ticket = state.withLock { $0.ticket() }
        return await enter(key, ticket, .urgent, cut: {}) ? ticket : nil
    }

    /// Whatever it has: a place before its waybill is read, or after.
    func leave(_ key: StagingKey, _ ticket: Int) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.unread.leave(ticket, from: key.partner)
            guard let slot = state.slots[key], slot.ticket == ticket else { return [] }
            state.slots[key] = nil
            state.disk.ended(key)
            if let share = slot.place.share { budget.give(of: share, for: .partner(key.partner)) }
            return slot.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// One watch for all, and none while all are read: a timer for each small file would cost more than its waybill.
    private func watchUnread(_ state: inout State) {
        guard state.watch == nil else { return }
        state.watch = Task {
            while self.cutOverdue() { try? await Task.sleep(for: .seconds(1)) }
        }
    }

    /// False, and the watch is over, when all waybills are read.
    private func cutOverdue() -> Bool {
        let (cuts, isOver) = state.withLock { state in
            let cuts = state.unread.overdue(at: .now)
            if state.unread.isEmpty { state.watch = nil }
            return (cuts, state.unread.isEmpty)
        }
        for cut in cuts { cut() }
        return !isOver
    }

    func isArriving(_ key: StagingKey) -> Bool { state.withLock { $0.slots[key] != nil } }

    /// Cuts the older arrival and waits for its writer, 10 s at most.
    private func supersede(_ key: StagingKey, _ old: Slot) async {
        old.cut()
        let patience = Task {
            try? await Task.sleep(for: .seconds(10))
            self.giveUp(key, old.ticket)
        }
        await withCheckedContinuation { waiter in
            let isGone = state.withLock { state in
                // Another may have come in between, whom nobody has cut.
                guard state.slots[key]?.ticket == old.ticket else { return true }
                state.slots[key]?.waiters.append(waiter)
                return false
            }
            if isGone { waiter.resume() }
        }
        patience.cancel()
    }

    private func giveUp(_ key: StagingKey, _ ticket: Int) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard state.slots[key]?.ticket == ticket else { return [] }
            defer { state.slots[key]?.waiters = [] }
            return state.slots[key]?.waiters ?? []
        }
        for waiter in waiters { waiter.resume() }
    }

    // MARK: - Between two connections

    /// Keeps what was cut off, as far as there is room to keep it open; what it has on disk stays counted.
    func rest(_ staging: Staging) {
        state.withLock { state in
            state.disk.keep(staging.key, bytes: staging.bytes)
            guard !staging.isJudged else { return }
            state.resting.append(staging)
            let theirs = state.resting.filter { $0.key.partner == staging.key.partner }
            if theirs.count > Self.mostRestingEach, let oldest = theirs.first {
                state.resting.removeAll { $0 === oldest }
            } else if state.resting.count > Self.mostResting {
                state.resting.removeFirst()
            }
        }
    }

    /// Arrivals whose staged file is in use or may be gone on with.
    var active: Set<StagingKey> { state.withLock { Set($0.slots.keys).union($0.resting.map(\.key)) } }

    func wake(_ key: StagingKey) -> Staging? {
        state.withLock { state in
            state.resting.firstIndex { $0.key == key }.map { state.resting.remove(at: $0) }
        }
    }

    func resting(_ key: StagingKey) -> Staging? { state.withLock { $0.resting.first { $0.key == key } } }

    // MARK: - On the disk

    /// See `StagedBytes.promise`.
    func promise(_ bytes: Int64, to key: StagingKey, isUrgent: Bool, free: Int64, reserve: Int64) -> Promise {
        state.withLock { $0.disk.promise(bytes, to: key, isUrgent: isUrgent, free: free, reserve: reserve) }
    }

    /// Whether one more of this partner's may be kept after it was cut.
    func mayRest(_ key: StagingKey) -> Bool { state.withLock { $0.disk.mayRest(key) } }
    func isCounted(_ key: StagingKey) -> Bool { state.withLock { $0.disk.isCounted(key) } }
    /// What a former life left.
    func adopt(_ key: StagingKey, bytes: Int64) { state.withLock { $0.disk.adopt(key, bytes: bytes) } }
    /// Nothing of it is on the disk any more.
    func forget(_ key: StagingKey) { state.withLock { $0.disk.forget(key) } }
    /// Of those that rest only these are still kept.
    func forgetResting(besides kept: Set<StagingKey>) { state.withLock { $0.disk.forgetResting(besides: kept) } }
}
