internal import Vocabulary

/// Which consignments are arriving now: at most one arrival each, and a bounded number a partner.
///
/// A newcomer cuts the older road, waits until its writer has let go, and goes on from there; so a half-open connection
/// never blocks the retry.
actor ArrivalTable {
    private struct Slot {
        let ticket: Int
        let cut: @Sendable () -> Void
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let limit: Int
    private var slots: [StagingKey: Slot] = [:]
    private var perPartner: [AgencyID: Int] = [:]
    private var tickets = 0
    /// Arrivals that were cut and may go on: kept so that their digest need not be built again.
    private var resting: [StagingKey: Staging] = [:]
    private var promised: [StagingKey: Int64] = [:]

    /// Arrivals of each partner in the running minute.
    private var fresh: [AgencyID: (minute: Int64, count: Int)] = [:]
    private var statements: [AgencyID: (minute: Int64, count: Int)] = [:]
    private var news: [AgencyID: (minute: Int64, count: Int)] = [:]
    private var cards: [AgencyID: (minute: Int64, count: Int)] = [:]

    init(limit: Int) { self.limit = limit }

    /// Counts an arrival; false if the partner brings more in a minute than it may.
    func admit(from partner: AgencyID, atMost most: Int, at now: Instant) -> Bool {
        Self.count(partner, in: &fresh, at: now) <= most
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

    private static func count(
        _ partner: AgencyID, in table: inout [AgencyID: (minute: Int64, count: Int)], at now: Instant
    ) -> Int {
        let minute = now.seconds / 60
        var entry = table[partner] ?? (minute, 0)
        if entry.minute != minute { entry = (minute, 0) }
        entry.count += 1
        table[partner] = entry
        return entry.count
    }

    /// A ticket, or nil if the partner has too many arrivals or the older one does not let go.
    func enter(_ key: StagingKey, cut: @escaping @Sendable () -> Void) async -> Int? {
        if slots[key] != nil, await !supersede(key) { return nil }
        guard perPartner[key.partner, default: 0] < limit else { return nil }
        perPartner[key.partner, default: 0] += 1
        tickets += 1
        slots[key] = Slot(ticket: tickets, cut: cut)
        return tickets
    }

    func leave(_ key: StagingKey, _ ticket: Int) {
        guard let slot = slots[key], slot.ticket == ticket else { return }
        slots[key] = nil
        promised[key] = nil
        let left = perPartner[key.partner, default: 1] - 1
        perPartner[key.partner] = left > 0 ? left : nil
        for waiter in slot.waiters { waiter.resume() }
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

    /// Promises bytes to an arrival: false if they are not there once all that is promised to others is counted.
    func promise(_ bytes: Int64, to key: StagingKey, free: Int64, reserve: Int64, perPartner most: Int64) -> Promise {
        let others = promised.filter { $0.key != key }
        let theirs = others.filter { $0.key.partner == key.partner }.values.reduce(0, +)
        guard theirs + bytes <= most || theirs == 0 else { return .partnerFull }
        guard free - others.values.reduce(0, +) - reserve >= bytes else { return .diskFull }
        promised[key] = bytes
        return .granted
    }

    enum Promise { case granted, diskFull, partnerFull }
}
