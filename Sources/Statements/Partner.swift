package import Envelope
package import Vocabulary

/// Another agency as we know it: its card, verified against the fingerprint that a person confirmed.
///
/// Made only by `CardReader`, so whoever holds one holds a card whose signature and identity were checked; its dates too when
/// it came (`verify`), not again when it is read back from our own disk (`known`).
package struct Partner: Sendable {
    package let card: Card
    /// The card as signed, DER.
    package let signedCard: [UInt8]
    package let identity: Certificate
    private let certificates: [Role: [Certificate]]
    private let retired: Set<Fingerprint>

    package var id: AgencyID { card.id }
    package var fingerprint: Fingerprint { identity.fingerprint }

    init(card: Card, signedCard: [UInt8], identity: Certificate, certificates: [Role: [Certificate]]) {
        self.card = card
        self.signedCard = signedCard
        self.identity = identity
        self.certificates = certificates
        retired = Set(card.retired.map(\.fingerprint))
    }

    /// Whose statements we believe at the door.
    package var author: Author { Author(identity, .refused(retired)) }

    /// Whether a certificate of this role may be used at this moment: issued by the identity, in time, not retired.
    package func accepts(_ certificate: Certificate, as role: Role, at now: Instant) -> Bool {
        certificate.role == role && certificate.isIssued(by: identity) && certificate.isValid(at: now)
            && !isRetired(certificate)
    }

    /// Whether the card says that this certificate must no longer be used.
    package func isRetired(_ certificate: Certificate) -> Bool { retired.contains(certificate.fingerprint) }

    /// Certificates of a role on the card that may be used now, the newest first; none once the card has ended, because
    /// nobody knows then what has been retired since.
    package func usable(_ role: Role, at now: Instant) -> [Certificate] {
        guard now <= card.validUntil else { return [] }
        // Each was issued by the identity: `CardReader` makes no partner of a card that lists another.
        return (certificates[role] ?? []).filter { !retired.contains($0.fingerprint) && $0.isValid(at: now) }
            .sorted { ($0.notBefore, $0.notAfter) > ($1.notBefore, $1.notAfter) }
    }

    /// Every certificate of a role on the card, whatever its dates.
    package func listed(_ role: Role) -> [Certificate] { certificates[role] ?? [] }
}
