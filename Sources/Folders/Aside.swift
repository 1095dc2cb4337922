internal import Dispatch
internal import Glibc
internal import Synchronization

/// A thread of its own for blocking calls that may never return, such as those on a mount whose server is gone: such a call
/// costs this one thread, and holds up nobody who does not wait for it. It is there only while something is to do.
package final class Aside: Sendable {
    @TaskLocal static var present: Aside?

    private let queue: DispatchQueue
    private let since = Mutex<Int64?>(nil)

    package init(_ label: String) { queue = DispatchQueue(label: label) }

    /// Since when the present call has not returned, on the boot clock; nil while there is none.
    package var busySince: Int64? { since.withLock { $0 } }

    /// What `body` has `Blocking` run, and whatever it begins, is run here, one call after another.
    package func around<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        try await Self.$present.withValue(self) { try await body() }
    }

    /// Does `body` on the threads of all, for what is handed on to others.
    package static func leaving<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        try await $present.withValue(nil) { try await body() }
    }

    func run<T: Sendable>(_ body: @Sendable @escaping () throws -> T) async throws -> T {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { done in
            queue.async { [self] in
                let result = timed { Result { try body() } }
                done.resume(with: result)
            }
        }
    }

    /// Begins `body`; nil if an earlier call has not returned. For callers that block themselves.
    package func begin<T: Sendable>(_ body: @Sendable @escaping () -> T) -> Answer<T>? {
        let isFree = since.withLock { since in
            guard since == nil else { return false }
            since = BootClock.now()
            return true
        }
        guard isFree else { return nil }
        let answer = Answer<T>()
        queue.async { [self] in answer.give(timed(body)) }
        return answer
    }

    private func timed<T>(_ body: () -> T) -> T {
        since.withLock { $0 = BootClock.now() }
        defer { since.withLock { $0 = nil } }
        return body()
    }

    /// What a call that was begun returns, once it does.
    package final class Answer<T: Sendable>: Sendable {
        private let value = Mutex<T?>(nil)

        fileprivate func give(_ value: T) { self.value.withLock { $0 = value } }

        /// Blocks until then; nil if it has not come. Looks now and then: Dispatch waits by the wall clock, which may be set
        /// meanwhile.
        /// - Parameter deadline: on the boot clock.
        package func wait(until deadline: Int64) -> T? {
            var pause: UInt32 = 50
            while true {
                if let value = value.withLock({ $0 }) { return value }
                if BootClock.now() >= deadline { return nil }
                usleep(pause)
                pause = min(pause * 2, 5000)
            }
        }
    }
}
