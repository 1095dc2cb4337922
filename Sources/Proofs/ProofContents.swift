package import Ledger
internal import Envelope
internal import Vocabulary

/// Everything that goes into the proof of one delivery.
package struct ProofContents: Sendable {
    /// The recipient's last word, as signed (DER).
    package enum Answer: Sendable {
        case receipt([UInt8]), refusal([UInt8])
    }

    /// A card as signed (DER).
    typealias Cards = [(serial: Int64, bytes: [UInt8])]

    /// An entry of the prover's ledger, and its audit paths (the leaf's sibling first).
    package struct Entry: Sendable {
        package let event: StoredEvent
        /// In `checkpoint`, or in `later` if that alone covers it.
        let path: [Digest]
        /// In the head that was stamped.
        let stamped: [Digest]?
    }

    /// As signed (DER).
    let waybill: [UInt8]
    let answer: Answer
    /// The one of the day first.
    let sender: Cards
    let recipient: Cards
    /// Our newest card.
    let prover: [UInt8]
    /// Statements that were made after the waybill, by the numbers of the entries that hold them.
    let later: [(seq: Int64, bytes: [UInt8])]
    let heads: ProofHeads
    package let entries: [Entry]

    /// Gathers what our ledger knows of a consignment.
    ///
    /// Throws `ProofObjection`, `ProofTrouble.notEnded`, `.erased`, `.noCard`, `.unsound`, and what the ledger throws.
    package static func gather(
        _ key: ConsignmentKey, from ledger: any Ledger, _ home: ProofHome
    ) async throws -> ProofContents {
        let events = try await ledger.events(of: key)
        if let objection = ProofObjection(key, events) { throw objection }
        let (answer, answered) = try answer(among: events)
        guard let waybill = events.compactMap(waybill).last ?? home.waybill,
            let first = events.first?.seq,
            let last = events.last
        else { throw ProofTrouble.erased }
        let later = try later(among: events)
        let parties = try Waybill(kept: StatementVerifier.uncheckedContent(of: waybill)).parties
        let mine = try await ledger.agencyEvents([.opened, .cardChanged], of: nil)
        let other = try await ledger.agencyEvents([.partnerAdded, .cardChanged], of: key.partner)
        let isSender = key.direction == .sent
        let sender = try CardHistory(
            isSender ? mine : other, newest: isSender ? home.card : home.theirs, of: parties.from,
            identity: parties.fromIdentity, before: first
        ).cards
        let recipient = try CardHistory(
            isSender ? other : mine, newest: isSender ? home.theirs : home.card, of: parties.to,
            identity: parties.toIdentity, before: first
        ).cards
        let agencies = try ProofWriter.agencies(sender, recipient, home.card)
        // Asked after the events, so that its tree has them all.
        let heads = try await ProofHeads.choose(
            for: answered, last: last, from: ledger, agencies, home)
        var entries: [Entry] = []
        for event in events.map(Self.shown) {
            entries.append(try await heads.entry(event, from: ledger))
        }
        return ProofContents(
            waybill: waybill, answer: answer, sender: sender, recipient: recipient, prover: home.card, later: later,
            heads: heads, entries: entries)
    }

    /// Decisions stand there with their leaf alone: an outsider sees that and when, not our reasons, accounts, incidents,
    /// what we owed people, or what a look into the file suggested. What was said afterwards is shown as it was signed;
    /// of what we said ourselves, the detail names who decided it and stays at home.
    private static func shown(_ event: StoredEvent) -> StoredEvent {
        switch event.leaf.kind {
        case .released, .held, .blocked, .rejected, .recalled, .said, .incident, .erased, .duty:
            StoredEvent(seq: event.seq, leaf: event.leaf, salt: nil, detail: nil)
        default: event
        }
    }

    private static func later(among events: [StoredEvent]) throws -> [(seq: Int64, bytes: [UInt8])] {
        try events.filter(\.leaf.kind.isLater).map { event in
            guard let statement = try StoredStatement(event)?.bytes else { throw ProofTrouble.erased }
            return (event.seq, statement)
        }
    }

    private static func answer(among events: [StoredEvent]) throws -> (Answer, StoredEvent) {
        guard let end = events.last(where: { EventKind.answers.contains($0.leaf.kind) }) else {
            throw ProofTrouble.notEnded
        }
        guard let statement = try StoredStatement(end)?.bytes else { throw ProofTrouble.erased }
        let isReceipt = end.leaf.kind == .delivered || end.leaf.kind == .received
        return (isReceipt ? .receipt(statement) : .refusal(statement), end)
    }

    /// Of those that are damaged another may do: the proof is verified before it is written.
    private static func waybill(of event: StoredEvent) -> [UInt8]? {
        EventKind.waybills.contains(event.leaf.kind) ? (try? StoredStatement(event))??.bytes : nil
    }
}
