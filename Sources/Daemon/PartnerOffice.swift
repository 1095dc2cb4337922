internal import Envelope
package import Exchange
package import Ledger
package import Vocabulary

/// Adds and removes partners: on the shelf, in the ledger, in the book, in this order.
package struct PartnerOffice: Sendable {
    let us: AgencyID
    let ourIdentity: Fingerprint
    let shelf: PartnerShelf
    let ledger: any Ledger
    let book: PartnerBook

    package init(us: AgencyID, ourIdentity: Fingerprint, shelf: PartnerShelf, ledger: any Ledger, book: PartnerBook) {
        self.us = us
        self.ourIdentity = ourIdentity
        self.shelf = shelf
        self.ledger = ledger
        self.book = book
    }

    /// - Parameter pinned: what the partner's own people said their fingerprint is.
    package func add(_ card: [UInt8], pinned: Fingerprint, by account: String, at now: Instant) async throws -> Partner
    {
        let partner = try CardDesk.verify(card, pinned: pinned, at: now)
        guard partner.id != us, partner.fingerprint != ourIdentity else { throw CardProblem.ourselves }
        if let twin = book.all.first(where: { $0.fingerprint == partner.fingerprint && $0.id != partner.id }) {
            throw Trouble(
                "This identity is already the partner \(twin.id).", why: "Two partners never share an identity.",
                fix: "Remove \(twin.id) first if it was renamed: waybill partner remove \(twin.id)")
        }
        try await compare(partner, with: book[partner.id], at: now)
        try await record(
            .partnerAdded, partner.id,
            [
                "by": .string(account), "card": .string(SHA256.digest(card).hex),
                "identity": .string(partner.fingerprint.hex),
                "serial": .integer(partner.card.serial),
            ], card, at: now)
        try shelf.put(partner)
        book.put(partner)
        return partner
    }

    package func remove(_ id: AgencyID, by account: String, at now: Instant) async throws {
        guard book[id] != nil || FileSystem.exists("\(shelf.folder)/\(id).card") else {
            throw Trouble(
                "\(id) is not a partner.", why: "There is no card of theirs.", fix: "See: waybill partner list")
        }
        try await record(.partnerRemoved, id, ["by": .string(account)], [], at: now)
        try shelf.remove(id)
        book.remove(id)
    }

    /// A newer card of the same identity replaces the old one; an older or a second one of the same serial does not.
    private func compare(_ new: Partner, with old: Partner?, at now: Instant) async throws {
        guard let old else { return }
        guard old.fingerprint == new.fingerprint else {
            throw Trouble(
                "\(new.id) has another identity now.",
                why: "The card is signed by \(new.fingerprint.hex), we know \(old.fingerprint.hex).",
                fix: "Ring them. If it is true: waybill partner remove \(new.id), then add the new card.")
        }
        guard new.card.serial >= old.card.serial else {
            throw Trouble(
                "This card of \(new.id) is older than the one we have.",
                why: "Its serial is \(new.card.serial), ours is \(old.card.serial).",
                fix: "Ask them for their newest card.")
        }
        // What was signed is compared, not the signature: anybody may spell a signature in another way.
        guard new.card.serial > old.card.serial || new.card == old.card else {
            try await record(
                .incident, new.id,
                [
                    "what": .string("Two cards of one serial."), "card": .string(SHA256.digest(new.signedCard).hex),
                ], new.signedCard, at: now)
            throw Trouble(
                "\(new.id) has issued two different cards of serial \(new.card.serial).",
                why: "Their identity key signed both; this is recorded as an incident.",
                fix: "Ring them before you trust either.")
        }
    }

    private func record(
        _ kind: EventKind, _ partner: AgencyID, _ facts: [String: JSON], _ statement: [UInt8], at now: Instant
    ) async throws {
        try await ledger.append([
            NewEvent(
                at: now, kind: kind, consignment: nil, partner: partner,
                detail: EventDetail(facts, statement: statement))
        ])
    }
}
