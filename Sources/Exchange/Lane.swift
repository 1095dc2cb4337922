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

/// A queue with several takers.
actor WorkQueue<Item: Sendable> {
    private var items: [Item] = []
    private var head = 0
    private var takers: [CheckedContinuation<Item?, Never>] = []
    private var isClosed = false

    func put(_ item: Item) {
        if takers.isEmpty { items.append(item) } else { takers.removeFirst().resume(returning: item) }
    }

    /// Nil once the queue is closed: what was left in it is on disk and in the ledger.
    func take() async -> Item? {
        guard !isClosed else { return nil }
        if head < items.count {
            defer { forget() }
            return items[head]
        }
        return await withCheckedContinuation { takers.append($0) }
    }

    func close() {
        isClosed = true
        for taker in takers { taker.resume(returning: nil) }
        takers = []
    }

    private func forget() {
        head += 1
        guard head > 1024, head * 2 > items.count else { return }
        items.removeFirst(head)
        head = 0
    }
}
