internal import DequeModule
internal import Synchronization
internal import Vocabulary

/// Does work in batches without a timer: a batch is whatever queued while the one before it ran.
///
/// One folder sync can so serve many files, and a lone file never waits.
final class Batcher<Item: Sendable>: Sendable {
    /// An item that could not be done, and the seconds after which it is tried again.
    struct Later: Sendable {
        let item: Item
        let after: Double
    }

    private typealias Waiting = (item: Item, done: CheckedContinuation<Void, any Error>?)

    private struct State {
        var queue: Deque<Waiting> = []
        var isRunning = false
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    private let limit: Int
    private let work: @Sendable ([Item]) async throws -> [Later]
    private let state = Mutex(State())

    /// - Parameter work: gets 1...`limit` items and returns those that it wants to have again; what it throws reaches
    ///   everybody in that batch.
    init(limit: Int = 500, work: @escaping @Sendable ([Item]) async throws -> [Later]) {
        self.limit = limit
        self.work = work
    }

    /// Returns when the batch with this item is done.
    func done(_ item: Item) async throws {
        try await withCheckedThrowingContinuation { add(item, $0) }
    }

    /// Returns at once; the work is done soon.
    func soon(_ item: Item) { add(item, nil) }

    /// Returns when nothing is queued or running.
    func drain() async {
        await withCheckedContinuation { waiter in
            let isIdle = state.withLock { state in
                if state.isRunning { state.idle.append(waiter) }
                return !state.isRunning
            }
            if isIdle { waiter.resume() }
        }
    }

    private func add(_ item: Item, _ done: CheckedContinuation<Void, any Error>?) {
        let mustStart = state.withLock { state in
            state.queue.append((item, done))
            defer { state.isRunning = true }
            return !state.isRunning
        }
        // Whoever begins it may be urgent; what it does is everybody's.
        if mustStart { Task { await Urgency.$isUrgent.withValue(false) { await run() } } }
    }

    private func again(_ later: Later) {
        Task { [weak self] in
            try? await Task.sleep(for: .seconds(later.after))
            self?.soon(later.item)
        }
    }

    private func run() async {
        while let batch = next() {
            let result: Result<Void, any Error>
            do {
                for later in try await work(batch.map(\.item)) { again(later) }
                result = .success(())
            } catch { result = .failure(error) }
            for waiting in batch { waiting.done?.resume(with: result) }
        }
    }

    /// Nil, and nothing runs any more, once the queue is empty.
    private func next() -> [Waiting]? {
        let (batch, idle) = state.withLock { state -> ([Waiting], [CheckedContinuation<Void, Never>]) in
            let batch = Array(state.queue.prefix(limit))
            state.queue.removeFirst(batch.count)
            if !batch.isEmpty { return (batch, []) }
            state.isRunning = false
            defer { state.idle = [] }
            return ([], state.idle)
        }
        for waiter in idle { waiter.resume() }
        return batch.isEmpty ? nil : batch
    }
}
