internal import Envelope
package import Ledger
package import Vocabulary

/// How the stages of sending become ledger rows.
package enum Records {
    /// An event about a record; the row itself is written by the last event of a commit only.
    package static func event(
        _ kind: EventKind, _ record: ConsignmentRecord, _ detail: EventDetail, at now: Instant,
        carriesRecord: Bool = false
    ) -> NewEvent {
        NewEvent(
            at: now, kind: kind, consignment: record.key.id, partner: record.key.partner, detail: detail,
            record: carriesRecord ? record : nil)
    }
}

extension Agency {
    /// Of a consignment of ours, as the ledger keeps it; nil if it was erased.
    func signedWaybill(of key: ConsignmentKey) async throws -> Waybill? {
        guard let signed = try await ledger.statement(.signed, of: key) else { return nil }
        return try Waybill(kept: StatementVerifier.uncheckedContent(of: signed))
    }
}
