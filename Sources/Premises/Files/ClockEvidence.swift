package import Exchange
internal import Ledger
package import LedgerSQLite
internal import Statements
internal import Vocabulary

/// What our ledger and our card say about the time, for the daemon and for `waybill check`.
package enum ClockEvidence {
    /// What the daemon remembers while its clock is sound.
    package static let memory = "clock"

    /// - Parameter boot: CLOCK_BOOTTIME, seconds.
    package static func judge(
        _ ledger: some LedgerReading, _ premises: InstalledAgency, boot: Double
    ) async throws -> ClockJudge {
        let size = try await ledger.size()
        let seen = try await ledger.newestCountersigned().map {
            ClockJudge.Mark("what \($0.partner) countersigned", $0.at)
        }
        return ClockJudge(
            memory: try await ledger.remembered(memory),
            entry: size == 0 ? nil : try await ledger.moment(of: size - 1),
            token: try await ledger.newestTimeToken()?.at,
            others: seen + [ClockJudge.Mark("the date of our card", try SignedCard(ours: premises).card.issuedAt)],
            boot: boot)
    }
}
