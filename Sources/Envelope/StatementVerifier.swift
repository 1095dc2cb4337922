package import Vocabulary

/// A statement whose signature held. Nothing outside this room can make one.
package struct VerifiedStatement: Sendable {
    /// The bytes that were signed.
    package let content: [UInt8]
    package let signer: Certificate
    /// What the signer says, to the second.
    package let signingTime: Instant

    fileprivate init(content: [UInt8], signer: Certificate, signingTime: Instant) {
        (self.content, self.signer, self.signingTime) = (content, signer, signingTime)
    }
}

/// Verifies as `openssl cms -verify -cades -no-CApath -no-CAstore -CAfile IDENTITY -purpose any -attime T` does, with a
/// store that holds that identity alone, and then the role; and accepts one spelling of a statement only.
package enum StatementVerifier {
    package static let limit = 262_144

    /// - Parameters:
    ///   - identity: the pinned identity. Whether it is the right one is the caller's question.
    ///   - role: what the signer's certificate must be for; nil: the identity key itself signed (cards).
    ///   - moment: when signer and identity must have been valid.
    /// Errors: `.statement(...)`, and `.certificate(...)` if the signer's certificate cannot be read.
    package static func verify(
        _ der: [UInt8], identity: Certificate, role: Role?, at moment: Instant
    ) throws(EnvelopeError) -> VerifiedStatement {
        try verify(read(der), identity, role, at: moment)
    }

    /// The same at the time that the signer claims: statements are signed once and may travel for weeks.
    package static func verify(
        _ der: [UInt8], identity: Certificate, role: Role?
    ) throws(EnvelopeError) -> VerifiedStatement {
        let message = try read(der)
        return try verify(message, identity, role, at: message.attributes.signingTime)
    }

    private static func verify(
        _ message: SignedMessage, _ identity: Certificate, _ role: Role?, at moment: Instant
    ) throws(EnvelopeError) -> VerifiedStatement {
        let signer = try identity.certificateIssuedHere(message.certificate)
        guard signer.role == role, role != nil || signer.der == identity.der else { throw .statement(.role) }
        for certificate in [signer, identity] {
            guard certificate.notBefore <= moment else { throw .statement(.notYetValid) }
            guard moment <= certificate.notAfter else { throw .statement(.expired) }
        }
        try verify(message, signer)
        return VerifiedStatement(
            content: message.content, signer: signer, signingTime: message.attributes.signingTime)
    }

    /// The certificate that a card brings along. Nothing is verified: compare its fingerprint with one that came by
    /// another way, then `verify` with it as the identity.
    package static func uncheckedSigner(ofCard der: [UInt8]) throws(EnvelopeError) -> Certificate {
        try Certificate(der: read(der).certificate)
    }

    static func read(_ der: [UInt8]) throws(EnvelopeError) -> SignedMessage {
        guard der.count <= limit else { throw .statement(.tooLarge) }
        guard let message = try? SignedMessage(der) else { throw .statement(.malformed) }
        return message
    }

    private static func verify(_ message: SignedMessage, _ signer: Certificate) throws(EnvelopeError) {
        guard message.signer == signer.issuerAndSerial,
            SignedAttribute.signingCertificates(signer).contains(message.attributes.signingCertificate),
            let scheme = SignatureScheme(statement: message.algorithm, by: signer.publicKey.kind)
        else { throw .statement(.malformed) }
        guard message.attributes.messageDigest == SHA256.digest(message.content).bytes,
            signer.publicKey.verifies(message.signature, over: message.signedBytes, as: scheme)
        else { throw .statement(.signature) }
    }
}
