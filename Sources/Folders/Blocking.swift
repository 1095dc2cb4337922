internal import NIOPosix

/// Threads for calls that block, so that a slow disk never stops Swift's own few threads.
///
/// Sixteen, because syncs in parallel share the journal's commits (7,000 fdatasync/s against 2,900 one after another).
package enum Blocking {
    package static let threads = 16

    private static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        return pool
    }()

    /// Runs `body` on a thread of the pool and waits without blocking.
    ///
    /// - Throws: what `body` throws, or `CancellationError` if the task is cancelled before `body` begins. Once begun,
    ///   `body` always ends and its result is returned.
    package static func run<T: Sendable>(_ body: @Sendable @escaping () throws -> T) async throws -> T {
        try await pool.runIfActive(body)
    }
}
