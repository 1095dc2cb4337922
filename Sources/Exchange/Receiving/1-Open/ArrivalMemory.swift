internal import Synchronization
internal import Transport
internal import Vocabulary

/// The memory of one arrival: each message is charged when its length is known, before a byte of it is kept.
///
///     message 0 ─► unread ─► waybills (until the arrival ends)     a part ─► parts (until it is written)
///
/// Of an emergency both come from an account that other arrivals do not use. Whoever finds nothing left is not read from
/// until there is. What has the usual size of an emergency does not wait for what other partners hold: each has room of its
/// own for one waybill and one part.
final class ArrivalMemory: Sendable {
    private struct State {
        var share = Budget.Share.unread
        /// Where each part that came in and is not written was charged, the oldest first.
        var charged: [Budget.Share] = []
        /// Charged already: its next `admit` is free.
        var granted: Int?

        /// What is charged for a waybill goes back otherwise.
        mutating func note(_ share: Budget.Share) {
            if share != .unread { charged.append(share) }
        }
    }

    /// A waybill is held sealed and opened while it comes in; then as it was signed, as JSON and as a value.
    private static let (copiesUnread, copiesRead) = (Int64(2), Int64(4))

    private let budget: Budget
    private let account: BudgetAccount
    private let state = Mutex(State())

    init(_ budget: Budget, of partner: AgencyID) {
        (self.budget, account) = (budget, BudgetAccount(budget, .partner(partner)))
    }

    /// Whether a message of this length may come in now.
    func admit(_ length: Int) -> Bool {
        state.withLock { state in
            if state.granted == length {
                state.granted = nil
                return true
            }
            guard let share = take(Self.cost(of: length, state.share), of: state.share) else { return false }
            state.note(share)
            return true
        }
    }

    /// - Returns: where it was charged; nil if there is nothing left anywhere.
    private func take(_ cost: Int64, of share: Budget.Share) -> Budget.Share? {
        shares(share, cost).first { account.take(cost, of: $0) }
    }

    /// Where it may be charged, in the order of asking; the last is waited for.
    private func shares(_ share: Budget.Share, _ cost: Int64) -> [Budget.Share] {
        let own: Budget.Share
        switch share {
        case .urgentWaybills: own = .ownUrgentWaybills
        case .urgentParts: own = .ownUrgentParts
        default: return [share]
        }
        return cost <= budget.bounds[own].each ? [share, own] : [share]
    }

    /// Waits until a message of this length may come in. Throws `busy` after a minute, `CutShort` if this arrival was cut.
    func wait(for length: Int) async throws {
        let wanted = state.withLock { $0.share }
        let share = try await wait(Self.cost(of: length, wanted), of: wanted)
        state.withLock { state in
            state.note(share)
            state.granted = length
        }
    }

    private func wait(_ cost: Int64, of wanted: Budget.Share) async throws -> Budget.Share {
        if let share = take(cost, of: wanted) { return share }
        let share = shares(wanted, cost).last ?? wanted
        guard await account.wait(for: cost, of: share) else { throw tooMuch(share) }
        return share
    }

    /// Its waybill is read. Parts are charged elsewhere from now on.
    /// - Parameter waits: until there is room, as an emergency always does; else it is told no at once.
    func isRead(_ length: Int, isUrgent: Bool, waits: Bool = false) async throws {
        if !isUrgent, mayBeRead(length) { return }
        let share = isUrgent ? Budget.Share.urgentWaybills : .waybills
        guard isUrgent || waits else { throw tooMuch(share) }
        _ = try await wait(Int64(length) * Self.copiesRead, of: share)
        parts(isUrgent ? .urgentParts : .parts, after: length)
    }

    /// As `isRead`, of what is not urgent; false, and nothing is charged, if there is no room for it.
    func mayBeRead(_ length: Int) -> Bool {
        guard account.take(Int64(length) * Self.copiesRead, of: .waybills) else { return false }
        parts(.parts, after: length)
        return true
    }

    private func parts(_ share: Budget.Share, after length: Int) {
        account.give(Self.cost(of: length, .unread), of: .unread)
        state.withLock { $0.share = share }
    }

    /// A part is written.
    func isWritten(_ length: Int) {
        guard let share = state.withLock({ $0.charged.isEmpty ? nil : $0.charged.removeFirst() }) else { return }
        account.give(Int64(length), of: share)
    }

    /// Whoever waits is told no: the same consignment arrives over a newer road, or others need the place.
    func cut() { account.cut() }
    func close() { account.close() }

    private static func cost(of length: Int, _ share: Budget.Share) -> Int64 {
        share == .unread ? Int64(length) * copiesUnread : Int64(length)
    }

    private func tooMuch(_ share: Budget.Share) -> any Error {
        if account.isCut { return CutShort("the same consignment arrives over a newer connection") }
        account.note(share)
        return Problem(.busy, "More bytes of yours are under way than are kept in memory for you.", retryAfter: 1)
    }
}

/// An array that is lent once, so that whoever takes it is its only owner and may change it in place.
final class Lent: Sendable {
    private let bytes: Mutex<[UInt8]?>

    init(_ bytes: consuming [UInt8]) { self.bytes = Mutex(bytes) }

    /// Empty the second time.
    func take() -> [UInt8] { bytes.withLock { $0.take() } ?? [] }
}
