internal import Vocabulary

/// Arrivals of which nobody knows yet what they bring, because their waybill is still coming in.
///
/// Stuck ones make room: the oldest of a partner goes when one more comes, and each after `most`, so that none of them
/// keeps out an emergency.
struct UnreadArrivals {
    typealias Cut = @Sendable () -> Void

    enum Answer {
        /// What to call to end the one that makes room.
        case entered(displaced: Cut?)
        /// So many have come just now that none of them is stuck.
        case refused
    }

    private struct Arrival {
        let ticket: Int
        let since: ContinuousClock.Instant
        let cut: Cut
    }

    /// A waybill has 256 KiB at most and some KiB mostly.
    static let most = Duration.seconds(10)
    /// Whoever is younger may only be waiting for our own machine.
    static let young = Duration.seconds(1)

    private let limit: Int
    /// Oldest first.
    private var arrivals: [AgencyID: [Arrival]] = [:]

    /// - Parameter limit: at a time and partner.
    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { arrivals.isEmpty }

    mutating func enter(
        _ ticket: Int, from partner: AgencyID, cut: @escaping Cut, at now: ContinuousClock.Instant
    ) -> Answer {
        var theirs = arrivals[partner] ?? []
        var displaced: Cut?
        if theirs.count >= limit {
            guard let oldest = theirs.first, now - oldest.since >= Self.young else { return .refused }
            displaced = oldest.cut
            theirs.removeFirst()
        }
        arrivals[partner] = theirs + [Arrival(ticket: ticket, since: now, cut: cut)]
        return .entered(displaced: displaced)
    }

    /// It was read on after a pause of ours: its time begins anew.
    mutating func renew(
        _ ticket: Int, from partner: AgencyID, cut: @escaping Cut, at now: ContinuousClock.Instant
    ) {
        leave(ticket, from: partner)
        arrivals[partner, default: []].append(Arrival(ticket: ticket, since: now, cut: cut))
    }

    /// Takes out the oldest of a partner, unless it is young or the very one that needs room; what to call to end it.
    mutating func displace(from partner: AgencyID, for ticket: Int, at now: ContinuousClock.Instant) -> Cut? {
        guard let oldest = arrivals[partner]?.first, oldest.ticket != ticket, now - oldest.since >= Self.young else {
            return nil
        }
        leave(oldest.ticket, from: partner)
        return oldest.cut
    }

    mutating func leave(_ ticket: Int, from partner: AgencyID) {
        guard let left = arrivals[partner]?.filter({ $0.ticket != ticket }) else { return }
        arrivals[partner] = left.isEmpty ? nil : left
    }

    /// Takes out those whose waybill takes too long; what to call to end them.
    mutating func overdue(at now: ContinuousClock.Instant) -> [Cut] {
        let late = arrivals.values.flatMap { $0 }.filter { now - $0.since >= Self.most }
        guard !late.isEmpty else { return [] }
        let kept = arrivals.mapValues { $0.filter { now - $0.since < Self.most } }
        arrivals = kept.filter { !$0.value.isEmpty }
        return late.map(\.cut)
    }
}
