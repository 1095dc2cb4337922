internal import Envelope
internal import Exchange
internal import Ledger
internal import Statements
internal import Vocabulary

/// What an identity has shown and what was decided about it, kept in the ledger for as long as that lasts. A revocation,
/// the highest serial and every retirement bind the identity, not the id on its card nor the files of a partner: a card
/// that comes back after a removal, or under another id, is still theirs.
struct KnownIdentities: Sendable {
    private static let prefix = "identity/"

    let ledger: any Ledger
    let files: PartnerFiles

    private struct Known {
        let id: AgencyID
        let serial: Int64
        /// Of the card's content.
        let card: Digest
        let retired: Set<Fingerprint>
        /// In words; nil if it was not.
        let revocation: String?
    }

    /// After a card was verified and before it is believed: what is wrong with it, in the light of what was.
    /// - Throws: `Trouble`.
    func check(_ partner: Partner) async throws {
        if let revocation = try files.revocations.first(where: { $0.identity == partner.fingerprint }) {
            try refuse(partner, revokedAs: revocation.id, revocation.words)
        }
        guard let known = try await known(partner.fingerprint) else { return }
        if let words = known.revocation { try refuse(partner, revokedAs: known.id, words) }
        guard partner.card.serial > known.serial || partner.card.serial == known.serial && digest(partner) == known.card
        else {
            throw Trouble(
                "This card of \(partner.id) is older than one that we have had of them.",
                why: "Its serial is \(partner.card.serial); we have seen \(known.serial) of the same identity.",
                fix: "Ask them for their newest card.")
        }
        guard known.retired.isSubset(of: partner.card.retired.map(\.fingerprint)) else {
            throw Trouble(
                "This card of \(partner.id) forgets a key that they retired.",
                why: "A retirement holds for ever: whoever stole that key would be believed again.",
                fix: "Ring them before you trust it, and ask for a card that names every retired key.")
        }
    }

    /// Under the id under which it was revoked a person may take it back: they are told first, and decide.
    private func refuse(_ partner: Partner, revokedAs id: AgencyID, _ words: String) throws {
        guard id != partner.id else { return }
        throw Trouble(
            "The identity of this card was revoked here, as \(id).", why: words,
            fix:
                "Ring them. If they may come back: waybill partner add with a card of theirs as \(id), or ask them for a card "
                + "of a new identity.")
    }

    /// Before whatever changes: what is known of a partner is not forgotten with it.
    func remember(_ partner: Partner, revoked revocation: String? = nil) async throws {
        let former = try await known(partner.fingerprint)
        let isNewer = partner.card.serial >= former?.serial ?? 0
        let retired = (former?.retired ?? []).union(partner.card.retired.map(\.fingerprint))
        var members: [String: JSON] = [
            "card": .string(isNewer ? digest(partner).hex : former?.card.hex ?? ""), "id": .string(partner.id.text),
            "retired": .strings(retired.map(\.hex).sorted()),
            "serial": .integer(max(partner.card.serial, former?.serial ?? 0)),
        ]
        members["revoked"] = revocation.map { .string($0) }
        let text = String(decoding: JSON.object(members).encoded, as: UTF8.self)
        try await ledger.remember(Self.prefix + partner.fingerprint.hex, text)
    }

    private func digest(_ partner: Partner) -> Digest { SHA256.digest(partner.card.encoded) }

    private func known(_ identity: Fingerprint) async throws -> Known? {
        guard let text = try await ledger.remembered(Self.prefix + identity.hex) else { return nil }
        var m = try JSONMembers(JSON(kept: Array(text.utf8)), of: "known identity")
        let known = Known(
            id: try m.agency("id"), serial: try m.integer("serial"), card: try m.digest("card"),
            retired: Set(try m.strings("retired").map { try Fingerprint(hex: $0) }),
            revocation: try m.optionalString("revoked"))
        try m.end()
        return known
    }
}
