internal import Folders
internal import Synchronization
internal import Vocabulary

/// Lets attempts at one partner through, following its `RetrySchedule`, and wakes those who wait.
package final class PartnerGate: Sendable {
    private struct State {
        var schedule: RetrySchedule
        /// Each is told whether it has its turn; if not, it asks again.
        var waiting: [CheckedContinuation<Bool, Never>] = []
        var alarm: Task<Void, Never>?
    }

    private let state: Mutex<State>

    package init(_ schedule: RetrySchedule) { state = Mutex(State(schedule: schedule)) }

    package var isAway: Bool { state.withLock { $0.schedule.isAway } }
    /// Seconds from now until the next probe; nil while the partner is near.
    package var nextTryIn: Double? { state.withLock { $0.schedule.nextTry }.map { max(0, $0 - Self.now) } }

    /// Returns when it is this caller's turn. Returns early when the task is cancelled.
    package func turn() async {
        if hasTurn(nil) { return }
        while await !withCheckedContinuation({ if hasTurn($0) { $0.resume(returning: true) } }) {}
    }

    /// - Parameter waiter: waits from now on, unless it has its turn or is cancelled: seen under the lock, so that nobody wakes
    ///   all between the two.
    private func hasTurn(_ waiter: CheckedContinuation<Bool, Never>?) -> Bool {
        state.withLock { state in
            if Task.isCancelled { return true }
            switch state.schedule.ask(at: Self.now) {
            case .go: return true
            case .wait(let until): wake(at: until, &state)
            case .waitForProbe: break
            }
            if let waiter { state.waiting.append(waiter) }
            return false
        }
    }

    /// The partner has just spoken to us.
    package func seen() {
        change { schedule in
            guard schedule.isAway else { return false }
            schedule.seen(at: Self.now)
            return true
        }
    }

    package func succeeded() {
        change { schedule in
            defer { schedule.succeeded() }
            return schedule.isAway
        }
    }

    package func failed(after: Int64?) {
        change { schedule in
            schedule.failed(at: Self.now, dice: .random(in: 0..<1), after: after)
            return true
        }
    }

    package func learntNothing() {
        change { schedule in
            schedule.learntNothing()
            return true
        }
    }

    /// Tries at once, as when a new card came or the daemon stops.
    package func wakeAll() { change { _ in true } }

    /// - Parameter body: says whether those who wait shall ask again.
    private func change(_ body: (inout RetrySchedule) -> Bool) {
        let woken = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
            guard body(&state.schedule) else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in woken { waiter.resume(returning: false) }
    }

    private func wake(at time: Double, _ state: inout State) {
        guard state.alarm == nil else { return }
        state.alarm = Task {
            try? await Task.sleep(for: .seconds(max(0.01, time - Self.now)))
            self.state.withLock { $0.alarm = nil }
            wakeAll()
        }
    }

    private static var now: Double { Double(BootClock.now()) / 1e9 }
}
