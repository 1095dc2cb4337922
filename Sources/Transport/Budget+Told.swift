internal import Synchronization
package import Vocabulary

// Whom people are told of: who was at a bound, and how much of what was refused.

extension Budget {
    // MARK: - Who was over it

    /// Why somebody was told no.
    package enum Reason: Hashable, Sendable {
        case held(Share)
        case caused(Rate)
    }

    package func note(_ reason: Reason, of holder: Holder, at now: ContinuousClock.Instant = .now) {
        state.withLock { $0.note(reason, of: holder, at: now) }
    }

    /// Names whoever holds most of a share, if that is more than `least`: others find too little of it.
    package func noteLargest(of share: Share, above least: Int64, at now: ContinuousClock.Instant = .now) {
        guard let largest = holders(of: share).max(by: { $0.value < $1.value }), largest.value > least else { return }
        note(.held(share), of: largest.key, at: now)
    }

    /// Who was at a bound within the last minute, or has waited for some seconds, and at which.
    package func over(at now: ContinuousClock.Instant = .now) -> [Holder: Set<Reason>] {
        state.withLock { state in
            for (share, held) in state.held {
                for waiter in held.waiters where now - waiter.since >= Self.patience {
                    // Behind others who hold it all it is not the one.
                    guard (held.each[waiter.holder] ?? 0) + waiter.amount > bounds[share].each else { continue }
                    state.note(.held(share), of: waiter.holder, at: now)
                }
            }
            state.over = state.over.mapValues { $0.filter { now - $0.value < Self.memory } }.filter {
                !$0.value.isEmpty
            }
            return state.over.mapValues { Set($0.keys) }
        }
    }

    // MARK: - Said

    /// Whether a line may be said now about something refused, and how many of its kind were not said since the last; nil:
    /// it is only counted.
    package func line(_ what: String, of partner: AgencyID, at now: ContinuousClock.Instant = .now) -> Int? {
        let line = Line(what: what, holder: .partner(partner))
        return state.withLock { state in
            guard let last = state.lines[line], now - last.since < Self.memory else {
                let unsaid = state.lines[line]?.unsaid ?? 0
                state.lines[line] = (now, 0)
                return unsaid
            }
            state.lines[line] = (last.since, last.unsaid + 1)
            return nil
        }
    }

    /// What was counted and is a minute old: to be said now, with its number.
    package func unsaid(at now: ContinuousClock.Instant = .now) -> [(what: String, holder: Holder, count: Int)] {
        state.withLock { state in
            let old = state.lines.filter { now - $0.value.since >= Self.memory }
            for line in old.keys { state.lines[line] = nil }
            return old.filter { $0.value.unsaid > 0 }.map { ($0.key.what, $0.key.holder, $0.value.unsaid) }
        }
    }
}

extension Budget.State {
    mutating func note(
        _ reason: Budget.Reason, of holder: Budget.Holder, at now: ContinuousClock.Instant
    ) {
        // Addresses are endless; those of the last minute are few enough to be told. Partners are told always.
        if case .address = holder, over.count >= 1000, over[holder] == nil { return }
        over[holder, default: [:]][reason] = now
    }
}
