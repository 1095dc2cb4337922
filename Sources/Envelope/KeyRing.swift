package import Vocabulary

/// All keys and certificates of a new agency, as `waybill init` writes them to files.
package struct KeyRing: Sendable {
    /// A key as PKCS#8 PEM, to be kept in a file of mode 0600, and its certificate.
    package struct Pair: Sendable {
        package let pem: [UInt8]
        package let certificate: Certificate

        package func key() throws(EnvelopeError) -> PrivateKey { try PrivateKey(pem: pem) }
    }

    package let identity: Pair
    package let signing: Pair
    package let sealing: Pair
    package let tls: Pair
    package let ledger: Pair

    package static let identityDays = 3650
    package static let roleDays = 400

    /// Makes all five. A sealing key is meant to be replaced every 90 days; its certificate lasts longer, for late
    /// mail.
    package static func generate(agency: AgencyID, now: Instant) throws(EnvelopeError) -> KeyRing {
        let key = try PrivateKey.generate(.p256)
        let pem = try key.pem()
        let certificate = try Issuer.makeIdentity(agency: agency, key: key, now: now, days: identityDays)
        let issuer = try Issuer(agency: agency, key: key, identity: certificate)
        return KeyRing(
            identity: Pair(pem: pem, certificate: certificate), signing: try pair(.signing, issuer, now),
            sealing: try pair(.sealing, issuer, now), tls: try pair(.tls, issuer, now),
            ledger: try pair(.ledger, issuer, now))
    }

    private static func pair(_ role: Role, _ issuer: Issuer, _ now: Instant) throws(EnvelopeError) -> Pair {
        let key = try PrivateKey.generate(role == .ledger ? .ed25519 : .p256)
        let certificate = try issuer.issue(role, for: key.publicKey, now: now, days: roleDays)
        return Pair(pem: try key.pem(), certificate: certificate)
    }
}
