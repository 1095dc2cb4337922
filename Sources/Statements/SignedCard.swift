package import Envelope
package import Vocabulary

/// A card whose signature by the identity inside it holds, at its own time. Whose identity that is, the caller knows.
package struct SignedCard: Sendable {
    package let card: Card
    package let identity: Certificate
    /// As signed (DER).
    package let bytes: [UInt8]
    /// What the signature says, to the second.
    package let signedAt: Instant

    /// Throws `EnvelopeError`, and `Malformed` for what is no card.
    package init(_ signed: [UInt8], _ reading: Author.Reading = .kept) throws {
        bytes = signed
        identity = try StatementVerifier.uncheckedSigner(ofCard: signed)
        let verified = try StatementVerifier.verify(signed, identity: identity, role: nil)
        signedAt = verified.signingTime
        card =
            switch reading {
            case .fromOutside: try Card(parsing: verified.content)
            case .kept: try Card(kept: verified.content)
            }
    }

    package var hasOneDate: Bool { card.issuedAt.seconds == signedAt.seconds }

    /// Of the ledger role. A checkpoint has no time, so dates are not looked at.
    package var ledgerCertificates: [Certificate] {
        card.certificates.filter { $0.role == .ledger }.compactMap(certificate)
    }

    /// Nil unless it is of the role that it is listed for, and issued by the identity. Its dates are not looked at.
    func certificate(_ listed: Card.RoleCertificate) -> Certificate? {
        guard let certificate = try? Certificate(der: listed.der), certificate.role == listed.role,
            certificate.isIssued(by: identity)
        else { return nil }
        return certificate
    }
}
