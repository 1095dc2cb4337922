internal import DequeModule
internal import Synchronization
internal import Vocabulary

/// Three lanes to every partner, each with workers of its own, so that a 4 GiB video never delays a strategy meeting.
package enum Lane: String, CaseIterable, Sendable {
    case emergency, small, bulk

    init(isUrgent: Bool, size: Int64, smallLimit: Int64) {
        self = isUrgent ? .emergency : size < smallLimit ? .small : .bulk
    }

    /// How many files of this lane are weighed, labelled and signed at a time. Two large ones keep the disk busy.
    var preparers: Int {
        switch self {
        case .emergency: 4
        case .small: 8
        case .bulk: 4
        }
    }

    /// How many files are prepared together, up to which size each, and by how many workers. They are so small that looking
    /// into all of them takes no second, and a look has five.
    static let (preparedTogether, smallTogether, togetherPreparers) = (32, Int64(64) << 10, 3)

    /// How many workers serve this lane where `total` serve all that is not urgent; never none.
    func workers(of total: Int) -> Int {
        switch self {
        // Beside the others, over connections of their own: one that hangs keeps no other from going.
        case .emergency: max(4, total / 4)
        case .bulk: max(1, total / 8)
        case .small: max(1, total - max(1, total / 8))
        }
    }

    var priority: TaskPriority? { self == .emergency ? .high : nil }
}

/// A queue with several takers. Whoever takes gets what is there: a batch is whatever came while the one before it ran.
final class WorkQueue<Item: Sendable>: Sendable {
    fileprivate struct State {
        var items: Deque<Item> = []
        var takers: Deque<CheckedContinuation<[Item], Never>> = []
        var isClosed = false
    }

    private let state = Mutex(State())

    func put(_ item: Item) {
        let taker = state.withLock { state -> CheckedContinuation<[Item], Never>? in
            if let taker = state.takers.popFirst() { return taker }
            state.items.append(item)
            return nil
        }
        taker?.resume(returning: [item])
    }

    /// Waits until there is something. Empty once the queue is closed: what was left in it is on disk and in the ledger.
    /// - Parameters:
    ///   - most: at least 1.
    ///   - fits: asked for one after another, until one does not; the first is taken in any case.
    func take(atMost most: Int = 1, while fits: (Item) -> Bool = { _ in true }) async -> [Item] {
        if let items = state.withLock({ $0.take(most, fits) }) { return items }
        return await withCheckedContinuation { taker in
            let items = state.withLock { state in
                let items = state.take(most, fits)
                if items == nil { state.takers.append(taker) }
                return items
            }
            if let items { taker.resume(returning: items) }
        }
    }

    var count: Int { state.withLock { $0.items.count } }

    func close() {
        let takers = state.withLock { state in
            state.isClosed = true
            defer { state.takers = [] }
            return state.takers
        }
        for taker in takers { taker.resume(returning: []) }
    }
}

extension WorkQueue.State {
    /// Nil if there is nothing yet.
    fileprivate mutating func take(_ most: Int, _ fits: (Item) -> Bool) -> [Item]? {
        if isClosed { return [] }
        if items.isEmpty { return nil }
        let fitting = items.prefix(most).prefix(while: fits).count
        let taken = Array(items.prefix(max(1, fitting)))
        items.removeFirst(taken.count)
        return taken
    }
}
