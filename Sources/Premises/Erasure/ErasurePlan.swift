internal import Exchange
internal import Folders
package import Ledger
package import LedgerSQLite
internal import Settings
internal import Vocabulary

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

    package init(_ premises: Premises, _ wish: EraseWish, _ reader: LedgerReader) {
        self.wish = wish
        judge = ErasureConcerns(reader)
        files = DeliveryFiles(premises.folders)
    }

    /// The same judgement as the daemon's (`EraseDesk`).
    package func plan(_ candidates: [ErasureCandidate]) async throws -> ErasurePlan {
        var (going, kept): ([ErasurePlan.Going], [(ErasureCandidate, String)]) = ([], [])
        for candidate in candidates {
            let concerns = try await concerns(candidate)
            if let obstacle = try obstacle(candidate, concerns) {
                kept.append((candidate, "\(obstacle)"))
            } else {
                let files = wish.selector == .reference ? [] : try files.paths([candidate.record.file])
                going.append(ErasurePlan.Going(candidate: candidate, files: files, concerns: concerns))
            }
        }
        return ErasurePlan(going: going, kept: kept)
    }

    private func concerns(_ candidate: ErasureCandidate) async throws -> [ErasureConcern] {
        if wish.selector == .reference { return [] }
        return try await judge.of(candidate, about: wish.subject, at: WallClock.now())
    }

    private func obstacle(
        _ candidate: ErasureCandidate, _ concerns: [ErasureConcern]
    ) throws -> ErasureCandidate.Obstacle? {
        let known =
            wish.selector == .reference ? candidate.obstacle(against: wish.subject ?? "") : candidate.obstacle
        if let known { return known }
        if !concerns.isEmpty, wish.although == nil { return .concerns(concerns) }
        return try files.isInWork(candidate.record) ? .inWork : nil
    }
}
