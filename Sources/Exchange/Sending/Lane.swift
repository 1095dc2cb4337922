internal import Vocabulary

/// Three lanes to every partner, each with workers of its own, so that a 4 GiB video never delays a strategy meeting.
package enum Lane: String, CaseIterable, Sendable {
    case emergency, small, bulk

    init(_ waybill: SignedWaybill, smallLimit: Int64) {
        self = waybill.isEmergency ? .emergency : waybill.waybill.file.size < smallLimit ? .small : .bulk
    }

    /// How many of `total` workers serve this lane; never none.
    func workers(of total: Int) -> Int {
        switch self {
        case .emergency: max(1, total / 8)
        case .bulk: max(1, total / 8)
        case .small: max(1, total - 2 * max(1, total / 8))
        }
    }
}

/// Wakes whoever waits for something to do.
package final class Bell: Sendable {
    private let rings = WorkQueue<Void>()

    package func ring() async { await rings.put(()) }
    /// Until the next ring; one that nobody waited for counts.
    func wait() async { _ = await rings.take() }
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
