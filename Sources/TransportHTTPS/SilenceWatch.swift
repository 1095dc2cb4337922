internal import Synchronization

/// Tells when an urgent request has stood still for too long, so that it is given up and the next one dials anew.
final class SilenceWatch: Sendable {
    /// Nothing moved: the connection is deaf, or the partner is very slow.
    struct Silent: Error {}

    private let state: Mutex<(last: ContinuousClock.Instant, most: Duration)>
    private let afterwards: Duration

    /// - Parameters:
    ///   - most: without anything moving, while the request goes out.
    ///   - afterwards: from its last byte to the answer.
    init(most: Duration, afterwards: Duration) {
        state = Mutex((.now, most))
        self.afterwards = afterwards
    }

    func moved() { state.withLock { $0.last = .now } }
    func sent() { state.withLock { $0 = (.now, afterwards) } }

    /// Returns once it has stood still for too long; false if the task was cancelled before.
    func outlasted() async -> Bool {
        while !Task.isCancelled {
            let end = state.withLock { $0.last + $0.most }
            if end <= .now { return true }
            try? await Task.sleep(until: end, clock: .continuous)
        }
        return false
    }
}
