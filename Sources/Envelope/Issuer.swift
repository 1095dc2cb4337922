package import Vocabulary

/// An identity key at work: it issues the certificates of the agency's roles, which is nearly all that it is for.
package final class Issuer: Sendable {
    package let identity: Certificate
    private let agency: AgencyID
    private let key: PrivateKey

    /// Errors: `.certificate(.mismatch)`, `.certificate(.issuer)`.
    package init(agency: AgencyID, key: consuming PrivateKey, identity: Certificate) throws(EnvelopeError) {
        guard key.fingerprint == identity.fingerprint else { throw .certificate(.mismatch) }
        try Self.requireIdentity(identity)
        (self.agency, self.identity) = (agency, identity)
        self.key = key
    }

    /// A self-signed CA certificate over a P-256 key, valid from 24 hours before `now`.
    package static func makeIdentity(
        agency: AgencyID, key: borrowing PrivateKey, now: Instant, days: Int
    ) throws(EnvelopeError) -> Certificate {
        guard key.kind == .p256 else { throw .certificate(.issuer) }
        let name = CertificateTemplate.name("\(agency) identity")
        let template = CertificateTemplate(
            issuer: name, subject: name, subjectKey: key.publicKey, issuerKeyIdentifier: nil,
            validity: try .init(now: now, days: days, within: nil), purpose: .identity)
        let identity = try template.signed(by: key)
        try requireIdentity(identity)
        return identity
    }

    /// Certifies a key for one role. The key may be ours or one from outside, such as RSA-3072 of a public sector CA.
    /// It ends with the identity's own certificate if `days` would go beyond.
    /// Errors: `.certificate(.key)` for a kind that the role cannot use, `.certificate(.lifetime)`.
    package func issue(
        _ role: Role, for subjectKey: PublicKey, now: Instant, days: Int
    ) throws(EnvelopeError) -> Certificate {
        guard (subjectKey.kind == .ed25519) == (role == .ledger), subjectKey.isSound else {
            throw .certificate(.key)
        }
        let template = CertificateTemplate(
            issuer: identity.fields.subject, subject: CertificateTemplate.name("\(agency) \(role.rawValue)"),
            subjectKey: subjectKey, issuerKeyIdentifier: identity.fields.subjectKeyIdentifier,
            validity: try .init(now: now, days: days, within: identity), purpose: .role(role))
        return try template.signed(by: key)
    }

    private static func requireIdentity(_ certificate: Certificate) throws(EnvelopeError) {
        let isIdentity = certificate.fields.isAuthority && certificate.publicKey.kind == .p256
        guard isIdentity, certificate.isIssued(by: certificate) else { throw .certificate(.issuer) }
    }
}
