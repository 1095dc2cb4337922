internal import Vocabulary

/// Which consignments are arriving now: at most one arrival each, and a bounded number a partner.
///
///     begin ─► its waybill is read ─► enter ─► leave      (emergencies have places of their own, beside the others)
///
/// A newcomer cuts the older road, waits until its writer has let go, and goes on from there; so a half-open connection
/// never blocks the retry.
actor ArrivalTable {
    /// What is bounded apart: whatever else a partner brings, its emergencies have their places.
    private struct Lane: Hashable {
        let partner: AgencyID
        let isUrgent: Bool
    }

    private struct Slot {
        let ticket: Int
        let lane: Lane
        let cut: @Sendable () -> Void
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let limit: Int
    private let urgentLimit: Int
    private var slots: [StagingKey: Slot] = [:]
    private var taken: [Lane: Int] = [:]
    private var unread: UnreadArrivals
    private var watch: Task<Void, Never>?
    private var tickets = 0
    /// Arrivals that were cut and may go on: kept so that their digest need not be built again.
    private var resting: [StagingKey: Staging] = [:]
    private var promised: [StagingKey: (bytes: Int64, isUrgent: Bool)] = [:]

    /// Arrivals of each partner in the running minute.
    private var fresh: [Lane: (minute: Int64, count: Int)] = [:]
    private var statements: [AgencyID: (minute: Int64, count: Int)] = [:]
    private var news: [AgencyID: (minute: Int64, count: Int)] = [:]
    private var cards: [AgencyID: (minute: Int64, count: Int)] = [:]

    /// - Parameters:
    ///   - limit: arrivals of one partner whose waybill is known, and as many whose waybill is not.
    ///   - urgentLimit: emergencies of one partner, beside these.
    init(limit: Int, urgentLimit: Int) {
        (self.limit, self.urgentLimit) = (limit, urgentLimit)
        unread = UnreadArrivals(limit: limit)
    }

    /// Counts an arrival; false if the partner brings more in a minute than it may.
    func admit(from partner: AgencyID, isUrgent: Bool, atMost most: Int, at now: Instant) -> Bool {
        Self.count(Lane(partner: partner, isUrgent: isUrgent), in: &fresh, at: now) <= most
    }

    /// Each statement is a ledger entry and may ask a person for something: people do not make more than so many. What
    /// daemons say by themselves, once for each consignment, is counted apart, so that it can crowd out nothing.
    func admitStatement(isNews: Bool, from partner: AgencyID, at now: Instant) -> Bool {
        if isNews { return Self.count(partner, in: &news, at: now) <= Self.newsPerMinute }
        return Self.count(partner, in: &statements, at: now) <= Self.statementsPerMinute
    }

    private static let statementsPerMinute = 120
    private static let newsPerMinute = 6000

    /// A card may hold 256 KiB and stays in the ledger for ever. Nobody rotates so often.
    func admitCard(from partner: AgencyID, at now: Instant) -> Bool {
        Self.count(partner, in: &cards, at: Instant(seconds: now.seconds / 60)) <= Self.cardsPerHour
    }

    private static let cardsPerHour = 60

    private static func count<Key: Hashable>(
        _ partner: Key, in table: inout [Key: (minute: Int64, count: Int)], at now: Instant
    ) -> Int {
        let minute = now.seconds / 60
        var entry = table[partner] ?? (minute, 0)
        if entry.minute != minute { entry = (minute, 0) }
        entry.count += 1
        table[partner] = entry
        return entry.count
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
        let lane = Lane(partner: key.partner, isUrgent: isUrgent)
        guard taken[lane, default: 0] < (isUrgent ? urgentLimit : limit) else { return false }
        taken[lane, default: 0] += 1
        slots[key] = Slot(ticket: ticket, lane: lane, cut: cut)
        return true
    }

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
        promised[key] = nil
        let left = taken[slot.lane, default: 1] - 1
        taken[slot.lane] = left > 0 ? left : nil
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

    func rest(_ staging: Staging) {
        if resting.count >= 256, let any = resting.keys.first { resting[any] = nil }
        resting[staging.key] = staging
    }

    /// Arrivals whose staged file is in use or may be gone on with.
    var active: Set<StagingKey> { Set(slots.keys).union(resting.keys) }

    func wake(_ key: StagingKey) -> Staging? { resting.removeValue(forKey: key) }
    func resting(_ key: StagingKey) -> Staging? { resting[key] }

    // MARK: - Promised space

    /// Promises bytes to an arrival: not if they are not there once all that is promised to others is counted.
    ///
    /// An emergency has an account of its own, gives nothing for what others were promised and did not use, and may use
    /// half of the reserve.
    func promise(
        _ bytes: Int64, to key: StagingKey, isUrgent: Bool, free: Int64, reserve: Int64, perPartner most: Int64
    ) -> Promise {
        let others = promised.filter { $0.key != key && $0.value.isUrgent == isUrgent }
        let theirs = others.filter { $0.key.partner == key.partner }.values.reduce(0) { $0 + $1.bytes }
        guard theirs + bytes <= most || theirs == 0 else { return .partnerFull }
        let kept =
            isUrgent ? reserve / 2 : reserve + promised.filter { $0.key != key }.values.reduce(0) { $0 + $1.bytes }
        guard free - kept >= bytes else { return .diskFull }
        promised[key] = (bytes, isUrgent)
        return .granted
    }

    enum Promise { case granted, diskFull, partnerFull }
}
