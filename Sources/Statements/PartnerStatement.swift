package import Envelope
package import Vocabulary

extension Partner {
    /// A statement that this partner signed, verified at the time that it claims, because statements are signed once and
    /// may travel for weeks; a key that was withdrawn in the meantime is caught by the card's list of retired ones.
    ///
    /// Throws `EnvelopeError`, or `Malformed` for a retired key.
    package func verify(_ signed: [UInt8]) throws -> VerifiedStatement {
        let claimed = try StatementVerifier.uncheckedSigningTime(of: signed)
        let verified = try StatementVerifier.verify(signed, identity: identity, role: .signing, at: claimed)
        guard !isRetired(verified.signer) else { throw Malformed("statement", "is signed with a retired key") }
        return verified
    }
}

extension VerifiedStatement {
    /// The date inside must be the signature's, to the second (`formats.md`).
    package func requireDate(_ signedAt: Instant) throws(Malformed) {
        guard signedAt.seconds == signingTime.seconds else {
            throw Malformed("statement", "has two dates that differ")
        }
    }
}
