internal import Folders
internal import Synchronization
package import Vocabulary

/// Tells that partners speak to us, so that whatever waits for one who was away is tried at once.
///
/// At most once a second for each partner: a flood of requests wakes nobody a thousand times.
package final class Presence: Sendable {
    private struct State {
        /// Nanoseconds since boot.
        var told: [AgencyID: Int64] = [:]
        var listeners: [Int: AsyncStream<AgencyID>.Continuation] = [:]
        var last = 0
    }

    private static let pause: Int64 = 1_000_000_000
    /// More than partners; whoever is so slow misses the oldest.
    private static let mostWaiting = 1024
    private let state = Mutex(State())

    package init() {}

    /// Who speaks to us from now on. A stream of one's own at each call; it ends with the task that reads it.
    package func arrivals() -> AsyncStream<AgencyID> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: AgencyID.self, bufferingPolicy: .bufferingNewest(Self.mostWaiting))
        let number = state.withLock { state in
            state.last += 1
            state.listeners[state.last] = continuation
            return state.last
        }
        continuation.onTermination = { [weak self] _ in self?.forget(number) }
        return stream
    }

    private func forget(_ number: Int) { state.withLock { _ = $0.listeners.removeValue(forKey: number) } }

    /// - Parameters:
    ///   - partner: one of ours, as the road proved it.
    ///   - now: nanoseconds since boot.
    package func saw(_ partner: AgencyID, at now: Int64 = BootClock.now()) {
        let listeners = state.withLock { state in
            if let told = state.told[partner], now - told < Self.pause { return [AsyncStream<AgencyID>.Continuation]() }
            state.told[partner] = now
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield(partner) }
    }
}
