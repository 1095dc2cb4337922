package import Vocabulary

/// Signs statements: SignedData (RFC 5652) with CAdES-BES attributes (ETSI EN 319 122-1), the content inside, one
/// signer, and the signer's certificate alone. `openssl cms -verify -cades` reads it.
package final class StatementSigner: Sendable {
    package let certificate: Certificate
    private let key: PrivateKey
    private let scheme: SignatureScheme
    /// Everything about the signer that is the same in each statement.
    private let certificateAttribute: [UInt8]

    /// Signs in the signing role.
    /// Errors: `.certificate(.mismatch)`, `.certificate(.role)`.
    package convenience init(key: consuming PrivateKey, certificate: Certificate) throws(EnvelopeError) {
        guard certificate.role == .signing else { throw .certificate(.role) }
        try self.init(key, certificate)
    }

    /// Signs cards, with the identity key itself.
    package convenience init(identityKey: consuming PrivateKey, identity: Certificate) throws(EnvelopeError) {
        guard identity.role == nil, identity.fields.isAuthority else { throw .certificate(.issuer) }
        try self.init(identityKey, identity)
    }

    private init(_ key: consuming PrivateKey, _ certificate: Certificate) throws(EnvelopeError) {
        guard key.fingerprint == certificate.fingerprint else { throw .certificate(.mismatch) }
        scheme = SignatureScheme(signingWith: key.kind)
        certificateAttribute = SignedAttribute.signingCertificate(certificate)
        self.certificate = certificate
        self.key = key
    }

    /// DER SignedData over exactly these bytes, saying that they were signed at `moment` (to the second).
    /// Errors: `.statement(.tooLarge)`, `.library`.
    package func sign(_ content: [UInt8], at moment: Instant) throws(EnvelopeError) -> [UInt8] {
        let attributes = [
            SignedAttribute.contentType, SignedAttribute.signingTime(moment),
            SignedAttribute.messageDigest(SHA256.digest(content)), certificateAttribute,
        ]
        // The signature is over the attributes as a SET OF; in the message they are tagged [0] (RFC 5652, 5.4).
        let signature = try key.sign(DER.setOf(DER.set, attributes))
        let signer = DER.sequence(
            DER.integer(1), certificate.issuerAndSerial, Identifier.sha256,
            DER.setOf(DER.context(0), attributes), scheme.identifier, DER.octets(signature))
        let signed = DER.sequence(
            DER.integer(1), DER.set(Identifier.sha256),
            DER.sequence(OID.data, DER.element(DER.context(0), DER.octets(content))),
            DER.element(DER.context(0), certificate.der), DER.set(signer))
        let message = DER.sequence(OID.signedData, DER.element(DER.context(0), signed))
        guard message.count <= StatementVerifier.limit else { throw .statement(.tooLarge) }
        return message
    }
}
