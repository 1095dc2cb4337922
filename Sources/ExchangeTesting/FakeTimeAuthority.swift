internal import Synchronization
package import Transport

/// A time authority of a test's own making: answers as it is told, counts how often it was asked.
package final class FakeTimeAuthority: TimeAuthority {
    package typealias Answer = @Sendable ([UInt8]) throws(TryLater) -> [UInt8]

    private struct State {
        var answer: Answer
        var asked = 0
    }
    private let state: Mutex<State>

    package init(_ answer: @escaping Answer) { state = Mutex(State(answer: answer)) }

    package var asked: Int { state.withLock { $0.asked } }

    package func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

    package func stamp(_ request: [UInt8]) async throws(TryLater) -> [UInt8] {
        let answer = state.withLock { state in
            state.asked += 1
            return state.answer
        }
        return try answer(request)
    }

    package func shutdown() async {}
}
