internal import Exchange
package import Ledger
package import LedgerSQLite
internal import Settings
package import Vocabulary

/// What a wish to erase would come to.
package struct ErasurePlan {
    /// One consignment that goes.
    package struct Going {
        package let candidate: ErasureCandidate
        package let files: [String]
        /// What two officers pass over.
        package let concerns: [ErasureConcern]
    }

    package let going: [Going]
    package let kept: [(ErasureCandidate, String)]
    package var erasable: [ConsignmentKey] { going.map(\.candidate.record.key) }
}

/// Makes it, without changing anything.
package struct ErasurePlanner {
    private let wish: EraseWish
    private let judge: ErasureConcerns<LedgerReader>
    private let files: DeliveryFiles

    package init(_ premises: InstalledAgency, _ wish: EraseWish, _ reader: LedgerReader) {
        self.wish = wish
        judge = ErasureConcerns(reader)
        files = DeliveryFiles(premises.folders)
    }

    package func plan(_ candidates: [ErasureCandidate], at now: Instant) async throws -> ErasurePlan {
        var (going, kept): ([ErasurePlan.Going], [(ErasureCandidate, String)]) = ([], [])
        for candidate in candidates {
            let (known, concerns) = try await judge.judge(candidate, wish, at: now)
            if let obstacle = try known ?? (files.isInWork(candidate.record) ? .inWork : nil) {
                kept.append((candidate, "\(obstacle)"))
            } else {
                let files = wish.selector == .reference ? [] : try files.paths([candidate.record.file])
                going.append(ErasurePlan.Going(candidate: candidate, files: files, concerns: concerns))
            }
        }
        return ErasurePlan(going: going, kept: kept)
    }
}
