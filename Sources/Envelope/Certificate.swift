internal import COpenSSL
internal import Synchronization
package import Vocabulary

/// An X.509 certificate with a key of an accepted kind. Reading one says nothing about trust: ask `isIssued(by:)`.
package final class Certificate: Sendable {
    package static let limit = 8192

    package let der: [UInt8]
    package let publicKey: PublicKey
    package let notBefore: Instant
    package let notAfter: Instant
    /// What the critical extended key usage says it is for; nil for an identity and for any other usage.
    package let role: Role?
    let fields: CertificateFields
    /// Certificates that were found to be issued by this one, so that a partner's is checked once and not per
    /// statement.
    private let issued = Mutex<[[UInt8]: Certificate]>([:])

    /// Errors: `.certificate(.malformed)`, `.certificate(.key)`.
    package init(der: [UInt8]) throws(EnvelopeError) {
        guard der.count <= Self.limit, let fields = try? CertificateFields(der) else {
            throw .certificate(.malformed)
        }
        self.der = der
        self.fields = fields
        (notBefore, notAfter, role) = (fields.notBefore, fields.notAfter, fields.role)
        publicKey = try PublicKey(spki: fields.spki)
    }

    package convenience init(pem: [UInt8]) throws(EnvelopeError) {
        guard let der = PEM.decode(pem, label: "CERTIFICATE") else { throw .certificate(.malformed) }
        try self.init(der: der)
    }

    package var pem: String { PEM.encode(der, label: "CERTIFICATE") }
    /// SHA-256 of the SubjectPublicKeyInfo.
    package var fingerprint: Fingerprint { publicKey.fingerprint }
    /// 32 bytes, if the key is an Ed25519 key.
    package var ed25519PublicKey: [UInt8]? { publicKey.kind == .ed25519 ? publicKey.raw : nil }

    package func isValid(at moment: Instant) -> Bool { notBefore <= moment && moment <= notAfter }

    /// Whether the chain from here to `identity`, and to nothing else, holds by signature, names and extensions. Time
    /// is not looked at. An identity is issued by itself.
    package func isIssued(by identity: Certificate) -> Bool {
        defer { LibraryFailure.forget() }
        return unsafe waybill_issued(der, der.count, identity.der, identity.der.count) == 1
    }

    /// Reads a certificate that must be issued by this one.
    /// Errors: `.certificate(...)` if it cannot be read, `.statement(.signer)` if somebody else issued it.
    func certificateIssuedHere(_ der: [UInt8]) throws(EnvelopeError) -> Certificate {
        if let known = issued.withLock({ $0[der] }) { return known }
        let certificate = try Certificate(der: der)
        guard certificate.isIssued(by: self) else { throw .statement(.signer) }
        issued.withLock { known in
            if known.count >= 64 { known.removeAll() }
            known[der] = certificate
        }
        return certificate
    }

    /// IssuerAndSerialNumber (RFC 5652, 10.2.4).
    var issuerAndSerial: [UInt8] { DER.sequence(fields.issuer, fields.serial) }
}
