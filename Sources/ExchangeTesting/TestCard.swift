package import Envelope
package import Vocabulary

/// Cards of agencies that a test invents, signed with real keys.
package enum TestCard {
    /// One certificate for each role, serial 1.
    package static func sign(
        _ id: AgencyID, _ keys: KeyRing, at now: Instant, retired: [Card.Retired] = [], validFor: Int64 = 400 * 86_400
    ) throws -> [UInt8] {
        let roles: [(Role, KeyRing.Pair)] = [
            (.signing, keys.signing), (.sealing, keys.sealing), (.tls, keys.tls), (.ledger, keys.ledger),
        ]
        let card = try Card(
            id: id, name: "The agency \(id)", address: "127.0.0.1:1", serial: 1, previous: nil, issuedAt: now,
            validUntil: now.adding(seconds: validFor),
            certificates: roles.map { Card.RoleCertificate(role: $0.0, der: $0.1.certificate.der) }, retired: retired,
            versions: [Waybill.statement])
        return try StatementSigner(identityKey: keys.identity.key(), identity: keys.identity.certificate)
            .sign(card.encoded, at: now)
    }
}
