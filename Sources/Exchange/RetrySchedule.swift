internal import Vocabulary

/// When one partner may be tried again. Pure: the time (CLOCK_BOOTTIME, seconds) and the dice are passed in.
///
///     near ──failed──► away ──time──► probing ──succeeded──► near
///                       ▲                │
///                       └────failed──────┘
///
/// While a partner is away exactly one attempt at a time probes it; all others wait and harm nobody else.
package struct RetrySchedule: Hashable, Sendable {
    package enum Turn: Hashable, Sendable {
        case go
        /// Ask again at this time, or when woken.
        case wait(until: Double)
        /// Somebody else probes: ask again when woken.
        case waitForProbe
    }

    /// Seconds before the first retry and the most between two.
    package let first: Double
    package let most: Double
    private var failures = 0
    private var notBefore = 0.0
    private var isProbing = false

    package init(first: Double = 1, most: Double = 300) {
        self.first = first
        self.most = most
    }

    package var isAway: Bool { failures > 0 }
    package var nextTry: Double? { isAway ? notBefore : nil }

    /// Asks for a turn. Emergencies ignore the schedule.
    package mutating func ask(at now: Double, isEmergency: Bool) -> Turn {
        if !isAway || isEmergency { return .go }
        if isProbing { return .waitForProbe }
        guard now >= notBefore else { return .wait(until: notBefore) }
        isProbing = true
        return .go
    }

    package mutating func succeeded() {
        failures = 0
        isProbing = false
    }

    /// An attempt ended by trouble of our own and tells nothing of the partner: somebody else may probe.
    package mutating func learntNothing() { isProbing = false }

    /// Exponential backoff with full jitter; a partner's own Retry-After is the least.
    /// - Parameter dice: 0..<1.
    package mutating func failed(at now: Double, dice: Double, after: Int64?) {
        failures = min(failures + 1, 30)
        isProbing = false
        let ceiling = min(most, first * Double(1 << min(failures - 1, 20)))
        let jittered = max(first / 2, dice * ceiling)
        notBefore = now + min(most, max(jittered, Double(after ?? 0)))
    }
}
