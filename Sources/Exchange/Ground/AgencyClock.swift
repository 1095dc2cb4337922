internal import Folders
package import Logging
package import Vocabulary

/// The time of one agency. It is passed in, so that tests can move it.
package struct AgencyClock: Sendable {
    package let now: @Sendable () -> Instant
    /// Seconds of a clock that never jumps: for whatever waits.
    package let boot: @Sendable () -> Double
    /// Whether our own clock is to be believed.
    package let ours: OurClock
    /// Told whenever a partner signed a time at a moment that we know.
    package let skew: ClockSkew

    /// The time, where something is given up for being old; nil while our own clock may be wrong.
    var sure: Instant? { ours.mayForget ? now() : nil }

    package init(
        alarms: Alarms, log: Logger, now: @escaping @Sendable () -> Instant,
        boot: @escaping @Sendable () -> Double = { Double(BootClock.now()) / 1e9 }
    ) {
        (self.now, self.boot) = (now, boot)
        ours = OurClock(now: now, boot: boot)
        skew = ClockSkew(alarms: alarms, log: log, clock: ours)
    }
}
