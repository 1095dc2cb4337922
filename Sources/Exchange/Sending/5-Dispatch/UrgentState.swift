internal import Synchronization
internal import Vocabulary

/// What sleeps until its next urgent attempt, and when somebody was last told or woken.
final class UrgentState: Sendable {
    private struct State {
        var sleepers: [ConsignmentID: Task<Void, Never>] = [:]
        var log = UrgentLog()
        /// Boot clock, nanoseconds: when the partner's speaking to us last woke what waits.
        var wokenAt: Int64?
    }

    private let state = Mutex(State())

    func sleep(_ id: ConsignmentID, seconds: Double) -> Task<Void, Never> {
        state.withLock { state in
            let sleeper = Task<Void, Never> { try? await Task.sleep(for: .seconds(seconds)) }
            state.sleepers[id] = sleeper
            return sleeper
        }
    }

    func woke(_ id: ConsignmentID) { state.withLock { $0.sleepers[id] = nil } }
    func wakeAll() { for sleeper in state.withLock({ $0.sleepers.values }) { sleeper.cancel() } }
    func count(at now: Int64) -> Int? { state.withLock { $0.log.count(at: now) } }

    /// One who speaks and never listens is not asked all the time.
    func mayWake(isAway: Bool, at now: Int64) -> Bool {
        state.withLock { state in
            if let wokenAt = state.wokenAt, now - wokenAt < 5_000_000_000 { return false }
            guard isAway || !state.sleepers.isEmpty else { return false }
            state.wokenAt = now
            return true
        }
    }
}

/// One log line for the first failed attempt, then one a minute with the count.
struct UrgentLog: Sendable {
    private static let minute: Int64 = 60_000_000_000
    private var lastLine: Int64?
    private var attempts = 0

    /// How many attempts a line should speak of; nil: no line now.
    mutating func count(at now: Int64) -> Int? {
        attempts += 1
        if let lastLine, now - lastLine < Self.minute { return nil }
        lastLine = now
        defer { attempts = 0 }
        return attempts
    }
}
