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

    /// Asks for a turn.
    package mutating func ask(at now: Double) -> Turn {
        if !isAway { return .go }
        if isProbing { return .waitForProbe }
        guard now >= notBefore else { return .wait(until: notBefore) }
        isProbing = true
        return .go
    }

    /// The partner has just spoken to us: the next probe need not wait.
    package mutating func seen(at now: Double) { notBefore = min(notBefore, now) }

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

/// When an undelivered urgent file is tried again. Pure: the dice are passed in.
///
/// Each urgent file by itself, whatever the partner's `RetrySchedule` says, and without moving that: at once, then after 1,
/// 2, 4 and 8 s, then every 15 s. That is often enough for a road that comes back, and no load for one that does not.
package enum UrgentSchedule {
    package static let most = 15.0

    /// Seconds until the next attempt, after so many have failed (from 1).
    /// - Parameters:
    ///   - dice: 0..<1; a tenth to either side.
    ///   - asked: seconds that the partner asked for. It is heard, but not for longer than 15 s.
    package static func delay(after failures: Int, dice: Double, asked: Int64?) -> Double {
        let usual = min(most, Double(1 << min(max(0, failures - 1), 4)))
        return max(usual * (0.9 + 0.2 * dice), min(most, Double(asked ?? 0)))
    }
}
