internal import Envelope
package import Ledger
package import LedgerSQLite
internal import Policy
package import Vocabulary

/// What speaks against erasing a record, read from its ledger: for the daemon, which decides, and for a dry run.
package struct ErasureConcerns<Reading: LedgerReading>: Sendable {
    private let ledger: Reading

    package init(_ ledger: Reading) { self.ledger = ledger }

    /// What stands against the wish, and, if nothing does, what two officers pass over. Whether the file lies in work/, the
    /// caller looks.
    package func judge(
        _ candidate: ErasureCandidate, _ wish: EraseWish, at now: Instant
    ) async throws -> (obstacle: ErasureCandidate.Obstacle?, concerns: [ErasureConcern]) {
        if wish.selector == .reference { return (candidate.obstacle(against: wish.subject ?? ""), []) }
        let concerns = candidate.concerns(
            about: wish.subject, review: try await signed(candidate.record.key), on: now.londonDate)
        let objection = concerns.isEmpty || wish.although != nil ? nil : ErasureCandidate.Obstacle.concerns(concerns)
        return (candidate.obstacle ?? objection, concerns)
    }

    /// The latest day on which somebody is to look whether it is still needed; nil if nothing names one.
    func reviewBy(_ candidate: ErasureCandidate) async throws -> CalendarDate? {
        [try await signed(candidate.record.key), candidate.reviewBy].compactMap { $0 }.max()
    }

    private func signed(_ key: ConsignmentKey) async throws -> CalendarDate? {
        let kind = key.direction == .sent ? EventKind.signed : .publishing
        guard let signed = try await ledger.statement(kind, of: key),
            let content = try? StatementVerifier.uncheckedContent(of: signed)
        else { return nil }
        return try? Waybill(kept: content).label.retention?.reviewBy
    }
}
