package import LedgerSQLite
internal import Statements

/// A check of our whole ledger, in which every signature is judged by the keys of all cards that are known.
package struct LedgerExamination: Sendable {
    private static let tries = 5
    private let premises: InstalledAgency
    private let reader: LedgerReader
    private let progress: LedgerCheck.Progress

    package init(
        _ premises: InstalledAgency, _ reader: LedgerReader, progress: @escaping LedgerCheck.Progress = { _, _ in }
    ) {
        (self.premises, self.reader, self.progress) = (premises, reader, progress)
    }

    /// Returns what is wrong in the ledger, and which partners' pins on disk are not what it recorded.
    package func run(
        from mark: CheckMark? = nil, saving: LedgerCheck.Saving = { _ in }
    ) async throws -> (report: LedgerReport, pins: [String]) {
        var judges = try await LedgerJudges(SignedCard(ours: premises), premises, reader)
        var report = try await check(judges, mark, saving)
        // Keys are rotated and partners' cards replaced while it runs: what those signed is judged once more, by today's.
        for _ in 0..<Self.tries where !report.isClean || !judges.statements.pinProblems.isEmpty {
            let now = try await LedgerJudges(SignedCard(ours: premises), premises, reader)
            if now.keys == judges.keys { break }
            judges = now
            report = try await check(judges, mark, saving)
        }
        return (report, judges.statements.pinProblems)
    }

    private func check(
        _ judges: LedgerJudges, _ mark: CheckMark?, _ saving: LedgerCheck.Saving
    ) async throws -> LedgerReport {
        try await LedgerCheck(reader, crypto: OpenSSLLedgerCrypto(), judges: judges.all, progress: progress)
            .run(from: mark, saving: saving)
    }
}
