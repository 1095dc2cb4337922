internal import Dispatch

/// Work that blocks for seconds, on a thread of its own instead of the cooperative ones.
enum OwnThread {
    static func run(_ label: String, _ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { done in
            DispatchQueue(label: label).async {
                body()
                done.resume()
            }
        }
    }

    static func run<T: Sendable>(_ label: String, _ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { done in
            DispatchQueue(label: label).async { done.resume(with: Result { try body() }) }
        }
    }
}
