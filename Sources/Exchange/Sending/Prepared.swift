internal import Ledger
internal import Synchronization

/// A file in work/ that is to go on, and its row if the ledger has one.
struct Prepared: Sendable {
    let claimed: ClaimedFile
    let record: ConsignmentRecord?

    func lane(_ smallLimit: Int64) -> Lane {
        Lane(isUrgent: claimed.isUrgent, size: claimed.size, smallLimit: smallLimit)
    }
}

/// How many large files of one account, or of one lane, are prepared at a time.
final class SenderTurns: Sendable {
    private let most: Int
    private let running = Mutex<[String: Int]>([:])

    init(atMost most: Int) { self.most = most }

    func begin(_ account: String) -> Bool {
        running.withLock { running in
            guard running[account, default: 0] < most else { return false }
            running[account, default: 0] += 1
            return true
        }
    }

    func end(_ account: String) {
        running.withLock { running in
            running[account, default: 1] -= 1
            if running[account] == 0 { running[account] = nil }
        }
    }
}
