internal import Envelope
package import Vocabulary

/// Why a card is not taken. Each says what happened, why, and what to do.
package enum CardProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(String)
    case wrongFingerprint(card: Fingerprint, expected: Fingerprint)
    case expired(AgencyID, since: Instant)
    case notYetValid(AgencyID, from: Instant)
    case foreignCertificate(AgencyID)
    case lacks(AgencyID, Role)
    case ourselves

    package var description: String {
        switch self {
        case .unreadable(let why):
            "This is not a Waybill card: \(why). Ask the partner to run `waybill card --out FILE` and send that file again."
        case .wrongFingerprint(let card, let expected):
            """
            The card was signed by the identity \(card.hex), not by \(expected.hex). \
            Do not use it: ring the partner and compare fingerprints (`waybill card --fingerprint`).
            """
        case .expired(let id, let since):
            "The card of \(id) ended on \(since.date). Ask them for a new one. If that day is yet to come, set our clock."
        case .notYetValid(let id, let from):
            "The card of \(id) begins at \(from). Compare this machine's clock with theirs."
        case .foreignCertificate(let id):
            "The card of \(id) lists a certificate that its identity did not issue for that role. Ask them for a new card."
        case .lacks(let id, let role):
            "The card of \(id) has no usable \(role.rawValue) certificate. Ask them to run `waybill keys list` and send a new card."
        case .ourselves:
            "This is our own card. A partner is another agency."
        }
    }
}

/// Reads cards: the only place where a card's bytes become a `Partner`.
package enum CardReader {
    /// A card of up to this many bytes is read.
    package static let greatestSize = 256 * 1024

    /// - Parameter pinned: the identity fingerprint that a person confirmed by another way.
    package static func verify(_ signed: [UInt8], pinned: Fingerprint, at now: Instant) throws(CardProblem) -> Partner {
        let partner = try believed(read(signed, .fromOutside), pinned)
        let card = partner.card
        guard partner.identity.notBefore <= now else { throw .notYetValid(card.id, from: partner.identity.notBefore) }
        guard now <= partner.identity.notAfter else { throw .expired(card.id, since: partner.identity.notAfter) }
        guard card.issuedAt <= now.adding(seconds: 86_400) else { throw .notYetValid(card.id, from: card.issuedAt) }
        guard now <= card.validUntil else { throw .expired(card.id, since: card.validUntil) }
        for role in [Role.signing, .sealing, .tls] where partner.usable(role, at: now).isEmpty {
            throw .lacks(card.id, role)
        }
        return partner
    }

    /// A card that was taken before and may have ended since: nothing is sealed by it any more, but its identity is still
    /// the pinned one, so a newer card is taken. Its signature is verified at its own time: whatever our clock says now, a
    /// partner does not stop being one.
    package static func known(_ signed: [UInt8], pinned: Fingerprint) throws(CardProblem) -> Partner {
        try believed(read(signed, .kept), pinned)
    }

    private static func believed(_ told: SignedCard, _ pinned: Fingerprint) throws(CardProblem) -> Partner {
        guard told.identity.fingerprint == pinned else {
            throw .wrongFingerprint(card: told.identity.fingerprint, expected: pinned)
        }
        return try partner(told)
    }

    /// The fingerprint that signed this card, for showing to a person before anything is pinned.
    package static func fingerprint(of signed: [UInt8]) throws(CardProblem) -> (Card, Fingerprint) {
        let told = try read(signed, .fromOutside)
        return (told.card, told.identity.fingerprint)
    }

    /// Checks the self-signature with the identity inside; nothing is trusted yet.
    private static func read(_ signed: [UInt8], _ reading: Author.Reading) throws(CardProblem) -> SignedCard {
        guard signed.count <= greatestSize else { throw .unreadable("it is larger than 256 KiB") }
        let told: SignedCard
        do { told = try SignedCard(signed, reading) } catch { throw .unreadable("\(error)") }
        guard told.hasOneDate else { throw .unreadable("its two dates differ") }
        return told
    }

    /// Whether these bytes are a card at all. Nothing is verified.
    package static func isCard(_ statement: [UInt8]) -> Bool {
        guard let content = try? StatementVerifier.uncheckedContent(of: statement) else { return false }
        return (try? Card(kept: content)) != nil
    }

    private static func partner(_ told: SignedCard) throws(CardProblem) -> Partner {
        var certificates: [Role: [Certificate]] = [:]
        for listed in told.card.certificates {
            guard let certificate = told.certificate(listed) else { throw .foreignCertificate(told.card.id) }
            certificates[listed.role, default: []].append(certificate)
        }
        return Partner(card: told.card, signedCard: told.bytes, identity: told.identity, certificates: certificates)
    }
}

/// Takes a newer card, verified against the identity that was pinned for its bringer. Returns once it is in the ledger
/// and among the partners' files; the card that we have changes nothing. Throws what says why it is not taken.
package typealias CardTaker = @Sendable (_ card: [UInt8], _ from: Partner) async throws -> Void
