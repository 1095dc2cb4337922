internal import Synchronization

/// A value that others wait for.
package final class Watched<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var waiting: [Int: AsyncStream<Void>.Continuation] = [:]
        var last = 0
    }

    private let state: Mutex<State>

    package init(_ value: Value) { state = Mutex(State(value: value)) }

    package var value: Value { state.withLock { $0.value } }

    /// Whoever waits looks at it again.
    @discardableResult
    package func change<Result>(_ body: (inout sending Value) -> sending Result) -> sending Result {
        let result = state.withLock { body(&$0.value) }
        for waiting in state.withLock({ Array($0.waiting.values) }) { waiting.yield() }
        return result
    }

    /// Returns once it fits, at once if it does already. Throws `CancellationError`.
    package func until(_ fits: (Value) -> Bool) async throws {
        guard await wait(nil, fits) else { throw CancellationError() }
    }

    /// False if it did not fit for so many seconds.
    package func until(within seconds: Double, _ fits: (Value) -> Bool) async -> Bool { await wait(seconds, fits) }

    private func wait(_ seconds: Double?, _ fits: (Value) -> Bool) async -> Bool {
        let (changes, tell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.last += 1
            state.waiting[state.last] = tell
            return state.last
        }
        defer { state.withLock { _ = $0.waiting.removeValue(forKey: number) } }
        let end = seconds.map { seconds in
            Task {
                try? await Task.sleep(for: .seconds(seconds))
                tell.finish()
            }
        }
        defer { end?.cancel() }
        if fits(value) { return true }
        for await _ in changes where fits(value) { return true }
        return fits(value)
    }
}

extension Watched<Bool> {
    /// From now on, for good.
    package func open() { change { $0 = true } }
    package var isOpen: Bool { value }
    /// Throws `CancellationError`.
    package func untilOpen() async throws { try await until { $0 } }
}
