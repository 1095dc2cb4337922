internal import Transport
internal import Vocabulary

/// Which consignments are arriving now: at most one arrival each, and a bounded number a partner.
///
///     begin ─► its waybill is read ─► enter ─► leave      (emergencies have places of their own, beside the others)
///
/// A newcomer cuts the older road, waits until its writer has let go, and goes on from there; so a half-open connection
/// never blocks the retry.
actor ArrivalTable {
    private struct Slot {
        let ticket: Int
        let isUrgent: Bool
        let cut: @Sendable () -> Void
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let budget: Budget
    private var slots: [StagingKey: Slot] = [:]
    private var unread: UnreadArrivals
    private var watch: Task<Void, Never>?
    private var tickets = 0
    /// Arrivals that were cut and may go on, oldest first: kept so that their digest need not be built again. Each holds a
    /// descriptor.
    private var resting: [Staging] = []
    private static let (mostResting, mostRestingEach) = (64, 16)
    var staged: [StagingKey: Staged] = [:]

    init(_ budget: Budget) {
        self.budget = budget
        unread = UnreadArrivals(limit: Int(budget.bounds[.routine].each))
    }

    // MARK: - In and out

    /// Lets an arrival in as far as its waybill: until that is read nobody knows whether it is an emergency.
    /// - Returns: a ticket, or nil if too many have just come.
    func begin(from partner: AgencyID, cut: @escaping @Sendable () -> Void) -> Int? {
        tickets += 1
        switch unread.enter(tickets, from: partner, cut: cut, at: .now) {
        case .refused: return nil
        case .entered(let displaced): displaced?()
        }
        watchUnread()
        return tickets
    }

    /// Its waybill is read. False if the partner has too many such arrivals or the older one of this consignment does not
    /// let go.
    func enter(_ key: StagingKey, _ ticket: Int, isUrgent: Bool, cut: @escaping @Sendable () -> Void) async -> Bool {
        unread.leave(ticket, from: key.partner)
        if slots[key] != nil, await !supersede(key) { return false }
        guard budget.take(of: Self.place(isUrgent), for: .partner(key.partner)) else { return false }
        slots[key] = Slot(ticket: ticket, isUrgent: isUrgent, cut: cut)
        return true
    }

    /// Whatever else a partner brings, its emergencies have their places.
    private static func place(_ isUrgent: Bool) -> Budget.Share { isUrgent ? .emergencies : .routine }

    /// There is no room in memory for one more waybill of a partner: the oldest that does not come makes room.
    func makeRoom(from partner: AgencyID, for ticket: Int) { unread.displace(from: partner, for: ticket, at: .now)?() }

    /// For a statement of ours about a consignment, while which nothing of it may arrive. Nil if something does.
    func hold(_ key: StagingKey) async -> Int? {
        tickets += 1
        let ticket = tickets
        return await enter(key, ticket, isUrgent: true, cut: {}) ? ticket : nil
    }

    /// Whatever it has: a place before its waybill is read, or after.
    func leave(_ key: StagingKey, _ ticket: Int) {
        unread.leave(ticket, from: key.partner)
        guard let slot = slots[key], slot.ticket == ticket else { return }
        slots[key] = nil
        if staged[key]?.rests == false { forget(key) }
        budget.give(of: Self.place(slot.isUrgent), for: .partner(key.partner))
        for waiter in slot.waiters { waiter.resume() }
    }

    /// One watch for all, and none while all are read: a timer for each small file would cost more than its waybill.
    private func watchUnread() {
        guard watch == nil else { return }
        watch = Task {
            while self.cutOverdue() { try? await Task.sleep(for: .seconds(1)) }
        }
    }

    /// False, and the watch is over, when all waybills are read.
    private func cutOverdue() -> Bool {
        for cut in unread.overdue(at: .now) { cut() }
        if unread.isEmpty { watch = nil }
        return !unread.isEmpty
    }

    func isArriving(_ key: StagingKey) -> Bool { slots[key] != nil }

    /// Cuts the older arrival and waits for its writer, 10 s at most.
    private func supersede(_ key: StagingKey) async -> Bool {
        guard let old = slots[key] else { return true }
        old.cut()
        let patience = Task {
            try? await Task.sleep(for: .seconds(10))
            self.giveUp(key, old.ticket)
        }
        await withCheckedContinuation { slots[key]?.waiters.append($0) }
        patience.cancel()
        return slots[key] == nil
    }

    private func giveUp(_ key: StagingKey, _ ticket: Int) {
        guard slots[key]?.ticket == ticket else { return }
        let waiters = slots[key]?.waiters ?? []
        slots[key]?.waiters = []
        for waiter in waiters { waiter.resume() }
    }

    // MARK: - Between two connections

    /// Keeps what was cut off, as far as there is room to keep it open; what it has on disk stays counted.
    func rest(_ staging: Staging) {
        keep(staging.key, bytes: staging.bytes)
        guard !staging.isJudged else { return }
        resting.append(staging)
        let theirs = resting.filter { $0.key.partner == staging.key.partner }
        if theirs.count > Self.mostRestingEach, let oldest = theirs.first {
            resting.removeAll { $0 === oldest }
        } else if resting.count > Self.mostResting {
            resting.removeFirst()
        }
    }

    /// Arrivals whose staged file is in use or may be gone on with.
    var active: Set<StagingKey> { Set(slots.keys).union(resting.map(\.key)) }

    func wake(_ key: StagingKey) -> Staging? {
        guard let at = resting.firstIndex(where: { $0.key == key }) else { return nil }
        return resting.remove(at: at)
    }

    func resting(_ key: StagingKey) -> Staging? { resting.first { $0.key == key } }
}
