internal import Vocabulary

/// When a time token is asked for. Pure: sizes, the time (CLOCK_BOOTTIME, seconds) and the dice are passed in.
///
///     resting ──`every` passed──► looking ──the ledger has grown──► asking ──kept──► resting
///                                    ▲                                 │
///                                    └──── a pause, longer each time ◄─┘ failed
///
/// One token covers all entries before its checkpoint, so that after any outage one request catches up.
package struct TimestampPlan: Hashable, Sendable {
    /// Seconds between two tokens, at least.
    package let every: Double
    /// Entries that a token covers: those numbered below.
    package private(set) var covered: Int64
    private var resting: Double
    private var schedule: RetrySchedule
    /// Reasons of this outage that were told.
    private var told: Set<String> = []

    /// - Parameters:
    ///   - covered: by the newest token that was kept; 0: there is none.
    ///   - age: seconds since then.
    package init(every: Double, covered: Int64, age: Double, at now: Double) {
        self.every = every
        self.covered = covered
        // A token from the future is as good as a fresh one: clocks may differ.
        resting = covered == 0 ? now : now + every - min(every, max(0, age))
        schedule = RetrySchedule(first: min(5, every / 4), most: min(900, every))
    }

    /// How long a ledger without new entries is let alone.
    package var look: Double { min(60, every) }
    /// An entry may wait for its token as long as this before it is late.
    package var patience: Int64 { Int64(every * 2) }
    package var isFailing: Bool { schedule.isAway }

    /// Seconds to wait; nil: look now, and ask if there is more than what is covered.
    package mutating func pause(at now: Double) -> Double? {
        if now < resting { return min(look, resting - now) }
        guard case .wait(let until) = schedule.ask(at: now) else { return nil }
        return min(look, max(0.01, until - now))
    }

    /// There was nothing new to ask about.
    package mutating func foundNothing() { schedule.learntNothing() }

    /// Returns whether this ended an outage.
    package mutating func kept(_ size: Int64, at now: Double) -> Bool {
        defer {
            schedule.succeeded()
            told = []
        }
        (covered, resting) = (size, now + every)
        return isFailing
    }

    /// Returns whether the reason is news.
    package mutating func failed(_ why: String, at now: Double, dice: Double, after: Int64?) -> Bool {
        schedule.failed(at: now, dice: dice, after: after)
        return told.insert(why).inserted
    }
}
