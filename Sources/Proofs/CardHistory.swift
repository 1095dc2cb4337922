internal import Envelope
internal import Ledger
internal import Vocabulary

/// The cards of one agency as our ledger has recorded them: the one in force when a consignment began, and all since.
struct CardHistory {
    private struct Recorded {
        let seq: Int64
        let card: Card
        let bytes: [UInt8]
    }

    /// As signed, with their serials, oldest first.
    let cards: [(serial: Int64, bytes: [UInt8])]

    /// - Parameters:
    ///   - events: those that carry the agency's cards.
    ///   - newest: a card that is at hand elsewhere, if there is one.
    ///   - identity: cards by any other are left out: it was another agency under the same id, or before a new start.
    ///   - seq: of the consignment's first event.
    /// Throws `ProofTrouble.noCard`.
    init(
        _ events: [StoredEvent], newest: [UInt8]?, of id: AgencyID, identity: Fingerprint, before seq: Int64
    ) throws(ProofTrouble) {
        let carried = events.compactMap { event in (try? StoredStatement(event))?.map { (event.seq, $0.bytes) } }
        let all = carried + (newest.map { [(.max, $0)] } ?? [])
        let recorded = all.compactMap { Self.read($0.0, $0.1, id, identity) }
        guard let day = recorded.last(where: { $0.seq < seq }) ?? recorded.first else { throw .noCard(id) }
        var cards = [day]
        for next in recorded where next.card.serial > cards[cards.count - 1].card.serial { cards.append(next) }
        self.cards = cards.map { ($0.card.serial, $0.bytes) }
    }

    private static func read(_ seq: Int64, _ bytes: [UInt8], _ id: AgencyID, _ identity: Fingerprint) -> Recorded? {
        guard let signer = try? StatementVerifier.uncheckedSigner(ofCard: bytes), signer.fingerprint == identity,
            let content = try? StatementVerifier.uncheckedContent(of: bytes), let card = try? Card(kept: content),
            card.id == id
        else { return nil }
        return Recorded(seq: seq, card: card, bytes: bytes)
    }
}
