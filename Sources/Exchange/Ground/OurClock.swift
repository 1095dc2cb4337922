internal import Synchronization
internal import Vocabulary

/// The wall clock of this machine and what is thought of it, for whoever acts by age or explains a certificate's dates.
package final class OurClock: Sendable {
    private let now: @Sendable () -> Instant
    private let boot: @Sendable () -> Double
    /// Nil until it is watched, as in commands, which delete nothing by age.
    private let judge = Mutex<ClockJudge?>(nil)

    /// - Parameter boot: CLOCK_BOOTTIME, seconds.
    init(now: @escaping @Sendable () -> Instant, boot: @escaping @Sendable () -> Double) {
        (self.now, self.boot) = (now, boot)
    }

    package func watch(_ judge: ClockJudge) { self.judge.withLock { $0 = judge } }

    package var verdict: ClockJudge.Verdict {
        judge.withLock { $0?.look(wall: now(), boot: boot()) } ?? .sound
    }

    /// Asked by everything that deletes what is old enough.
    package var mayForget: Bool { judge.withLock { $0?.mayForget(wall: now(), boot: boot()) } ?? true }
    /// For the next life of the daemon; nil: what is remembered stays.
    package var memory: String? { judge.withLock { $0?.memory(wall: now(), boot: boot()) } ?? nil }
    /// See `ClockWords.alarm`, `ClockWords.first`.
    package var alarm: String? { ClockWords.alarm(verdict, now: now()) }
    package var first: String? { ClockWords.first(verdict, now: now()) }

    func agrees(_ party: ClockParty) { judge.withLock { $0?.agrees(party, wall: now(), boot: boot()) } }
    func differs(_ party: ClockParty, _ reading: ClockReading) { judge.withLock { $0?.differs(party, reading) } }
    func forget(_ party: ClockParty) { judge.withLock { $0?.forget(party) } }
}
