internal import Envelope
internal import Exchange
internal import Ledger
internal import LedgerSQLite
internal import Policy
internal import Vocabulary

/// Erases by schedule: what has ended and whose `KeepingTime` is over.
struct DetailRetention: Sendable {
    let sqlite: SQLiteLedger
    let eraser: EraseDesk
    let period: Period
    private var time: KeepingTime { KeepingTime(period) }

    init(sqlite: SQLiteLedger, eraser: EraseDesk, period: Period) {
        (self.sqlite, self.eraser, self.period) = (sqlite, eraser, period)
    }

    /// Returns how many consignments were erased.
    func keep(at now: Instant) async throws -> Int {
        var due: [ConsignmentKey] = []
        try await ErasureSearch(sqlite).each(.before(time.surelyKept(at: now))) { candidates in
            for candidate in candidates where try await isDue(candidate, at: now) { due.append(candidate.record.key) }
        }
        return try await eraser.erase(
            due, selector: .schedule, because: "Kept for \(period), as the settings say.", by: "daemon", at: now
        ).erased
    }

    private func isDue(_ candidate: ErasureCandidate, at now: Instant) async throws -> Bool {
        // The label is read only where it can matter.
        guard candidate.obstacle == nil, time.isOver(lastAt: candidate.lastAt, review: nil, at: now) else {
            return false
        }
        return time.isOver(lastAt: candidate.lastAt, review: try await reviewBy(candidate.record.key), at: now)
    }

    private func reviewBy(_ key: ConsignmentKey) async throws -> CalendarDate? {
        let kind = key.direction == .sent ? EventKind.signed : .publishing
        guard let signed = try await sqlite.statement(kind, of: key),
            let content = try? StatementVerifier.uncheckedContent(of: signed)
        else { return nil }
        return try? Waybill(kept: content).label.retention?.reviewBy
    }
}
