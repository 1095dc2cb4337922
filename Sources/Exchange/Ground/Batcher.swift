internal import Vocabulary

/// Does work in batches without a timer: a batch is whatever queued while the one before it ran.
///
/// One folder sync can so serve many files, and a lone file never waits.
actor Batcher<Item: Sendable> {
    /// An item that could not be done, and the seconds after which it is tried again.
    struct Later: Sendable {
        let item: Item
        let after: Double
    }

    private let limit: Int
    private let work: @Sendable ([Item]) async throws -> [Later]
    private var queue: [(Item, CheckedContinuation<Void, any Error>?)] = []
    private var isRunning = false
    private var idle: [CheckedContinuation<Void, Never>] = []

    /// - Parameter work: gets 1...`limit` items and returns those that it wants to have again; what it throws reaches
    ///   everybody in that batch.
    init(limit: Int = 500, work: @escaping @Sendable ([Item]) async throws -> [Later]) {
        self.limit = limit
        self.work = work
    }

    /// Returns when the batch with this item is done.
    func done(_ item: Item) async throws {
        try await withCheckedThrowingContinuation { continuation in
            queue.append((item, continuation))
            start()
        }
    }

    /// Returns at once; the work is done soon.
    func soon(_ item: Item) {
        queue.append((item, nil))
        start()
    }

    /// Returns when nothing is queued or running.
    func drain() async {
        guard isRunning else { return }
        await withCheckedContinuation { idle.append($0) }
    }

    private func start() {
        guard !isRunning else { return }
        isRunning = true
        // Whoever begins it may be urgent; what it does is everybody's.
        Task { await Urgency.$isUrgent.withValue(false) { await self.run() } }
    }

    private func again(_ later: Later) {
        Task { [weak self] in
            try? await Task.sleep(for: .seconds(later.after))
            await self?.soon(later.item)
        }
    }

    private func run() async {
        while !queue.isEmpty {
            let batch = Array(queue.prefix(limit))
            queue.removeFirst(batch.count)
            let result: Result<Void, any Error>
            do {
                for later in try await work(batch.map(\.0)) { again(later) }
                result = .success(())
            } catch { result = .failure(error) }
            for (_, continuation) in batch { continuation?.resume(with: result) }
        }
        isRunning = false
        for continuation in idle { continuation.resume() }
        idle = []
    }
}
