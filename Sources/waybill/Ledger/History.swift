internal import Envelope
internal import Ledger
internal import Vocabulary

/// One consignment with all that happened to it.
struct History {
    let record: ConsignmentRecord
    let events: [StoredEvent]
    /// By partners, over checkpoints in which all of it stands; the earliest few.
    var countersigned: [Countersigned] = []

    /// As signed by the sender; nil before it was signed, or once erased.
    var waybill: Vocabulary.Waybill? {
        let signed = events.last { [.signed, .publishing, .sentBefore, .receivedBefore].contains($0.leaf.kind) }
        guard let statement = signed.flatMap(Told.init)?.signed,
            let content = try? StatementVerifier.uncheckedContent(of: statement)
        else { return nil }
        return try? Vocabulary.Waybill(kept: content)
    }

    /// The recipient's answer, if we asked for it back.
    var recall: LaterStatement.Kind? {
        guard record.key.direction == .sent, record.state == .recalled else { return nil }
        return RecallAnswer.of(((try? events.statements([.said, .heard, .recalled])) ?? []).compactMap(LaterWord.init))
    }
}

/// The detail of an event, taken apart.
struct Told {
    let facts: [String: JSON]
    /// The statement that it carries, as signed.
    let signed: [UInt8]?

    /// Nil once erased.
    init?(_ event: StoredEvent) {
        guard let bytes = event.detail, let detail = try? EventDetail(parsing: bytes) else { return nil }
        facts = detail.facts.members
        signed = detail.statement.isEmpty ? nil : detail.statement
    }
}
