internal import Glibc
package import Vocabulary

/// The clock that waits and retries go by: counts through suspend and never jumps. Nanoseconds since boot.
package enum BootClock {
    package static func now() -> Int64 { read(CLOCK_BOOTTIME) }
}

/// The time of day, for statements and people. Nothing may wait by it.
package enum WallClock {
    package static func now() -> Instant { Instant(milliseconds: read(CLOCK_REALTIME) / 1_000_000) }
}

private func read(_ clock: Int32) -> Int64 {
    var time = timespec()
    // Fails only for clocks that do not exist; these two exist since Linux 2.6.39.
    _ = unsafe clock_gettime(clock, &time)
    return nanoseconds(time)
}
