internal import Ledger
internal import Vocabulary

/// Corrections that wait for the recipient to sign for a new version.
struct Corrections: Sendable {
    let ledger: any Ledger

    /// Closed, because the new version has ended in one way or another.
    func closed(
        by new: ConsignmentKey, of old: ConsignmentID?, _ ground: String, by whom: String, at now: Instant
    ) async throws -> [Duty] {
        guard let old else { return [] }
        return try await ledger.owed(.correction, about: ConsignmentKey(.sent, new.partner, old))
            .filter { $0.facts["replacement"] == new.id.text }
            .map { $0.closed(at: now, by: whom, ground: ground) }
    }
}
