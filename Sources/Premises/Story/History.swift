internal import Envelope
package import Ledger
package import Vocabulary

/// One consignment with all that happened to it.
package struct History: Sendable {
    package let record: ConsignmentRecord
    package let events: [StoredEvent]
    /// By partners, over checkpoints in which all of it stands; the earliest few.
    package var countersigned: [Countersigned]

    package init(record: ConsignmentRecord, events: [StoredEvent], countersigned: [Countersigned] = []) {
        (self.record, self.events, self.countersigned) = (record, events, countersigned)
    }

    /// As signed by the sender; nil before it was signed, or once erased.
    package var waybill: Waybill? {
        let signed = events.last { EventKind.waybills.contains($0.leaf.kind) }
        guard let statement = signed.flatMap(Told.init)?.signed,
            let content = try? StatementVerifier.uncheckedContent(of: statement)
        else { return nil }
        return try? Waybill(kept: content)
    }

    /// The recipient's answer, if we asked for it back.
    package var recall: LaterStatement.Kind? {
        guard RecallAnswer.isAsked(record), let told = try? events.statements([.said, .heard, .recalled]) else {
            return nil
        }
        return RecallAnswer.of(told.compactMap(LaterWord.init))
    }
}

/// The detail of an event, taken apart.
package struct Told: Sendable {
    package let facts: [String: JSON]
    /// The statement that it carries, as signed.
    package let signed: [UInt8]?

    /// Nil once erased.
    package init?(_ event: StoredEvent) {
        guard let bytes = event.detail, let detail = try? EventDetail(parsing: bytes) else { return nil }
        facts = detail.facts.members
        signed = detail.statement.isEmpty ? nil : detail.statement
    }
}
