package import Envelope
package import Vocabulary

/// The card that takes the place of an agency's former one: one serial higher, bound to it by digest.
///
/// Old certificates stay on it beside the new one, so that a rotation refuses nobody; what was retired leaves it and is
/// named among the retired for ever.
package enum NextCard {
    /// What the new card says anew; the rest is as it was, without what has ended.
    package struct Change: Sendable {
        package var adding: Certificate?
        package var retiring: Card.Retired?

        package init(adding: Certificate? = nil, retiring: Card.Retired? = nil) {
            self.adding = adding
            self.retiring = retiring
        }
    }

    /// - Parameters:
    ///   - signed: the former card as signed, DER.
    ///   - end: the card ends here, and never after the identity does.
    /// Throws `Malformed` when a card cannot hold so much.
    package static func make(
        after former: Card, signed: [UInt8], _ change: Change, name: String, address: String, versions: [String],
        until end: Instant, at now: Instant
    ) throws(Malformed) -> Card {
        let retired = former.retired + (change.retiring.map { [$0] } ?? [])
        let gone = Set(retired.map(\.fingerprint))
        let added = change.adding.flatMap { certificate in
            certificate.role.map { Card.RoleCertificate(role: $0, der: certificate.der) }
        }
        let kept = former.certificates.filter { listed in
            guard let certificate = try? Certificate(der: listed.der) else { return false }
            return !gone.contains(certificate.fingerprint) && now <= certificate.notAfter
        }
        return try Card(
            id: former.id, name: name, address: address, serial: former.serial + 1,
            previous: SHA256.digest(signed), issuedAt: now, validUntil: end,
            certificates: (added.map { [$0] } ?? []) + kept, retired: retired, versions: versions)
    }

    /// What must hold before a card replaces our former one, whoever made it.
    package static func require(_ card: Card, follows former: Card, signed: [UInt8]) throws(Malformed) {
        guard card.id == former.id else { throw Malformed("card", "is of another agency") }
        guard card.serial == former.serial + 1, card.previous == SHA256.digest(signed) else {
            throw Malformed("card", "does not follow our newest one: begin again")
        }
        guard Set(former.retired).isSubset(of: Set(card.retired)) else {
            throw Malformed("card", "forgets a retired key")
        }
        let retired = Set(card.retired.map(\.fingerprint))
        let listed = card.certificates.compactMap { try? Certificate(der: $0.der) }
        guard !listed.contains(where: { retired.contains($0.fingerprint) }) else {
            throw Malformed("card", "lists a key that it retires")
        }
    }
}
