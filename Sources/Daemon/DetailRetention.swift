internal import Exchange
internal import Ledger
internal import LedgerSQLite
internal import Policy
internal import Premises
internal import Vocabulary

/// Erases by schedule: what has ended and whose `KeepingTime` is over.
struct DetailRetention: Sendable {
    let sqlite: SQLiteLedger
    let eraser: Erasing
    let period: Period
    private var time: KeepingTime { KeepingTime(period) }

    init(sqlite: SQLiteLedger, eraser: Erasing, period: Period) {
        (self.sqlite, self.eraser, self.period) = (sqlite, eraser, period)
    }

    /// Returns how many consignments were erased, and how many are due but need a person: others are named in them, or
    /// nobody is where somebody should be.
    func keep(at now: Instant) async throws -> (erased: Int, left: Int) {
        var due: [ConsignmentKey] = []
        try await ErasureSearch(sqlite).each(.before(time.surelyKept(at: now))) { candidates in
            for candidate in candidates where isDue(candidate, at: now) { due.append(candidate.record.key) }
        }
        let wish = EraseWish(.schedule, because: "Kept for \(period), as the settings say.")
        let outcome = try await eraser.erase(due, wish, by: "daemon", at: now)
        return (outcome.erased, outcome.refused.values.count { if case .concerns = $0 { true } else { false } })
    }

    private func isDue(_ candidate: ErasureCandidate, at now: Instant) -> Bool {
        // `Erasing` looks at the label, and so at the review date.
        candidate.obstacle == nil && time.isOver(lastAt: candidate.lastAt, review: nil, at: now)
    }
}
