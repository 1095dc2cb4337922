package import Ledger
package import Vocabulary

/// Everything that goes into the proof of one delivery.
package struct ProofContents: Sendable {
    /// The recipient's last word, as signed (DER).
    package enum Answer: Sendable {
        case receipt([UInt8]), refusal([UInt8])
    }

    /// Cards as signed (DER): both agencies' of that day, and the prover's newest, which has its present keys.
    package struct Cards: Sendable {
        package let sender: [UInt8]
        package let recipient: [UInt8]
        package let prover: [UInt8]

        package init(sender: [UInt8], recipient: [UInt8], prover: [UInt8]) {
            self.sender = sender
            self.recipient = recipient
            self.prover = prover
        }
    }

    /// An entry of the prover's ledger and its audit path (the leaf's sibling first) in the checkpoint's tree.
    package struct Entry: Sendable {
        package let event: StoredEvent
        package let path: [Digest]

        package init(event: StoredEvent, path: [Digest]) {
            self.event = event
            self.path = path
        }
    }

    /// As signed (DER).
    package let waybill: [UInt8]
    package let answer: Answer
    package let cards: Cards
    package let entries: [Entry]
    package let checkpoint: SignedNote

    package init(waybill: [UInt8], answer: Answer, cards: Cards, entries: [Entry], checkpoint: SignedNote) {
        self.waybill = waybill
        self.answer = answer
        self.cards = cards
        self.entries = entries
        self.checkpoint = checkpoint
    }

    /// Gathers what our ledger knows of a consignment.
    ///
    /// - Parameter waybill: as signed, for a refused arrival whose waybill no event carries.
    /// Throws `ProofTrouble.notEnded`, `.erased`, and what the ledger throws.
    package static func gather(
        _ key: ConsignmentKey, from ledger: any Ledger, cards: Cards, waybill: [UInt8]? = nil
    ) async throws -> ProofContents {
        let events = try await ledger.events(of: key)
        let answer = try answer(among: events)
        let leading = events.filter { $0.leaf.kind == .signed || $0.leaf.kind == .publishing }
        guard let waybill = leading.compactMap(statement).last ?? waybill else { throw ProofTrouble.erased }
        // Asked after the events, so that its tree has them all.
        let checkpoint = try SignedNote(parsing: Array(await ledger.checkpoint().utf8))
        let size = try Checkpoint(body: checkpoint.body).size
        var entries: [Entry] = []
        // What we owe people because of it is ours alone; an outsider is shown what happened to the file.
        for event in events.map(Self.shown) where event.leaf.kind != .duty {
            entries.append(Entry(event: event, path: try await ledger.inclusionProof(of: event.seq, in: size)))
        }
        return ProofContents(waybill: waybill, answer: answer, cards: cards, entries: entries, checkpoint: checkpoint)
    }

    /// Decisions and what followed stand there with their leaf alone: an outsider sees that and when, not our reasons,
    /// accounts, incidents or what a look into the file suggested.
    private static func shown(_ event: StoredEvent) -> StoredEvent {
        switch event.leaf.kind {
        case .released, .held, .blocked, .rejected, .recalled, .said, .heard, .incident:
            StoredEvent(seq: event.seq, leaf: event.leaf, salt: nil, detail: nil)
        default: event
        }
    }

    private static func answer(among events: [StoredEvent]) throws -> Answer {
        let ends: Set<EventKind> = [.delivered, .received, .refused, .declined]
        guard let end = events.last(where: { ends.contains($0.leaf.kind) }) else { throw ProofTrouble.notEnded }
        guard let statement = statement(of: end) else { throw ProofTrouble.erased }
        return end.leaf.kind == .delivered || end.leaf.kind == .received ? .receipt(statement) : .refusal(statement)
    }

    /// The statement that an event carries; nil if it has none or its detail was erased.
    private static func statement(of event: StoredEvent) -> [UInt8]? {
        guard let bytes = event.detail, let detail = try? EventDetail(parsing: bytes) else { return nil }
        return detail.statement.isEmpty ? nil : detail.statement
    }
}
