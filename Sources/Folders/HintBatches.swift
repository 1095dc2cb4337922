internal import Synchronization

/// Hints on their way to one reader: whatever has gathered since it last looked comes as one batch, so that a slow
/// reader gets few large batches. One that falls too far behind gets `.overflow` in place of all that it missed.
package final class HintBatches: AsyncSequence, Sendable {
    /// As many as the kernel's own queue holds by default.
    static let limit = 16_384

    private let gathered = Mutex<[FolderHint]>([])
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    init() { (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func add(_ hints: [FolderHint]) {
        guard !hints.isEmpty else { return }
        gathered.withLock { gathered in
            if gathered.count + hints.count > Self.limit { gathered = [.overflow] } else { gathered += hints }
        }
        ring.yield()
    }

    func finish() { ring.finish() }

    private func take() -> [FolderHint] {
        gathered.withLock { gathered in
            defer { gathered = [] }
            return gathered
        }
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let batches: HintBatches
        fileprivate var bell: AsyncStream<Void>.AsyncIterator

        package mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> [FolderHint]? {
            while await bell.next(isolation: actor) != nil {
                let hints = batches.take()
                if !hints.isEmpty { return hints }
            }
            return nil
        }
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(batches: self, bell: bell.makeAsyncIterator())
    }
}
