/// AlgorithmIdentifiers with the exact parameters that are written and accepted: the closed list of `Formats.md`.
enum Identifier {
    private static let null: [UInt8] = [DER.null, 0]

    static let p256Key = DER.sequence(OID.ecPublicKey, OID.p256)
    static let ed25519Key = DER.sequence(OID.ed25519)
    static let rsaKey = DER.sequence(OID.rsa, null)

    static let sha256 = DER.sequence(OID.sha256)
    /// RFC 5754 writes no parameters and accepts NULL.
    static let sha256s = [sha256, DER.sequence(OID.sha256, null)]
    /// What a time authority may digest with.
    static let sha2s = sha256s + [OID.sha384, OID.sha512].flatMap { [DER.sequence($0), DER.sequence($0, null)] }

    static let ecdsaSHA256 = DER.sequence(OID.ecdsaSHA256)
    static let ed25519Signature = DER.sequence(OID.ed25519)
    static let pssSHA256 = pss(sha256Digest: sha256)
    /// RSA PSS with a salt of 32 bytes, by either spelling of SHA-256.
    static let pssSHA256s = sha256s.map(pss)
    /// PKCS #1 v1.5, as CMS spells it and as X.509 does.
    static let pkcs1SHA256s = [rsaKey, DER.sequence(OID.rsaSHA256, null)]

    static let aes256Wrap = DER.sequence(OID.aes256Wrap)
    static let ecdhWrap = DER.sequence(OID.ecdhSHA256KDF, aes256Wrap)
    static let oaepSHA256 = oaep(sha256Digest: sha256)
    static let oaepSHA256s = sha256s.map(oaep)

    /// RFC 5084: the length of the tag is written, because its default is 12.
    static func aes256GCM(nonce: [UInt8]) -> [UInt8] {
        DER.sequence(OID.aes256GCM, DER.sequence(DER.octets(nonce), DER.integer(16)))
    }

    private static func pss(sha256Digest: [UInt8]) -> [UInt8] {
        DER.sequence(
            OID.rsaPSS,
            DER.sequence(masks(sha256Digest), DER.element(DER.context(2), DER.integer(32))))
    }

    private static func oaep(sha256Digest: [UInt8]) -> [UInt8] {
        DER.sequence(OID.rsaOAEP, DER.sequence(masks(sha256Digest)))
    }

    /// `[0]` digest, `[1]` MGF1 with the same digest (RFC 8017, A.2).
    private static func masks(_ sha256: [UInt8]) -> [UInt8] {
        DER.element(DER.context(0), sha256)
            + DER.element(DER.context(1), DER.sequence(OID.rsaMGF1, sha256))
    }
}
