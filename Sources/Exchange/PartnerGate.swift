internal import Folders
internal import Vocabulary

/// Lets attempts at one partner through, following its `RetrySchedule`, and wakes those who wait.
package actor PartnerGate {
    private var schedule: RetrySchedule
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var alarm: Task<Void, Never>?

    package init(_ schedule: RetrySchedule) { self.schedule = schedule }

    package var isAway: Bool { schedule.isAway }
    /// Seconds from now until the next probe; nil while the partner is near.
    package var nextTryIn: Double? { schedule.nextTry.map { max(0, $0 - Self.now) } }

    /// Returns when it is this caller's turn. Returns early when the task is cancelled.
    package func turn() async {
        while !Task.isCancelled {
            switch schedule.ask(at: Self.now) {
            case .go: return
            case .wait(let until): wake(at: until)
            case .waitForProbe: break
            }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// The partner has just spoken to us.
    package func seen() {
        guard schedule.isAway else { return }
        schedule.seen(at: Self.now)
        wakeAll()
    }

    package func succeeded() {
        let wasAway = schedule.isAway
        schedule.succeeded()
        if wasAway { wakeAll() }
    }

    package func failed(after: Int64?) {
        schedule.failed(at: Self.now, dice: .random(in: 0..<1), after: after)
        wakeAll()
    }

    package func learntNothing() {
        schedule.learntNothing()
        wakeAll()
    }

    /// Tries at once, as when a new card came or the daemon stops.
    package func wakeAll() {
        let woken = waiting
        waiting = []
        for continuation in woken { continuation.resume() }
    }

    private func wake(at time: Double) {
        guard alarm == nil else { return }
        alarm = Task {
            try? await Task.sleep(for: .seconds(max(0.01, time - Self.now)))
            self.ring()
        }
    }

    private func ring() {
        alarm = nil
        wakeAll()
    }

    private static var now: Double { Double(BootClock.now()) / 1e9 }
}
