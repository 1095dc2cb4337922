internal import NIOPosix
internal import Vocabulary

/// Threads for calls that block, so that a slow disk never stops Swift's own few threads.
///
/// Sixteen, because syncs in parallel share the journal's commits (7,000 fdatasync/s against 2,900 one after another);
/// and four of their own for urgent files, so that none of their calls stands behind sixteen slow ones of others.
package enum Blocking {
    package static let threads = 16
    package static let urgentThreads = 4

    /// All started at once: whoever waits for an emergency waits for no thread to be made, or refused.
    private static let pools = (ordinary: started(threads), urgent: started(urgentThreads))

    private static func started(_ threads: Int) -> NIOThreadPool {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        return pool
    }

    /// Runs `body` on a thread of the pool, of that for urgent files if `Urgency.isUrgent`, and waits without blocking; inside
    /// `Aside.around`, on that one's thread.
    ///
    /// - Throws: what `body` throws, or `CancellationError` if the task is cancelled before `body` begins. Once begun,
    ///   `body` always ends and its result is returned.
    package static func run<T: Sendable>(_ body: @Sendable @escaping () throws -> T) async throws -> T {
        if let aside = Aside.present { return try await aside.run(body) }
        return try await (Urgency.isUrgent ? pools.urgent : pools.ordinary).runIfActive(body)
    }

    /// `body` for each, in a few jobs beside each other: what they wait for, syncs say, is waited for together. Of one item
    /// it is one job.
    ///
    /// - Returns: how each ended, in the order of the items.
    package static func each<Item: Sendable, Made: Sendable>(
        _ items: [Item], _ body: @Sendable @escaping (Item) throws -> Made
    ) async -> [Result<Made, any Error>] {
        let size = max(1, (items.count + abreast - 1) / abreast)
        let pieces = stride(from: 0, to: items.count, by: size).map { Array(items[$0...].prefix(size)) }
        if pieces.count == 1 { return await one(pieces[0], body) }
        return await withTaskGroup(of: (Int, [Result<Made, any Error>]).self) { group in
            for (at, piece) in pieces.enumerated() { group.addTask { (at, await one(piece, body)) } }
            var ends: [[Result<Made, any Error>]] = pieces.map { _ in [] }
            for await (at, end) in group { ends[at] = end }
            return ends.flatMap(\.self)
        }
    }

    /// Half of the threads: a batch keeps the other half for others.
    private static let abreast = threads / 2

    private static func one<Item: Sendable, Made: Sendable>(
        _ items: [Item], _ body: @Sendable @escaping (Item) throws -> Made
    ) async -> [Result<Made, any Error>] {
        do { return try await run { items.map { item in Result { try body(item) } } } } catch {
            return items.map { _ in .failure(error) }
        }
    }
}
