internal import COpenSSL
package import Vocabulary

/// The kinds of key that Waybill works with: a closed list.
package enum KeyKind: Sendable {
    case p256, ed25519, rsa

    /// The kind named by the AlgorithmIdentifier at the front of a SubjectPublicKeyInfo.
    fileprivate init?(_ algorithm: [UInt8]) {
        switch algorithm {
        case Identifier.p256Key: self = .p256
        case Identifier.ed25519Key: self = .ed25519
        case Identifier.rsaKey: self = .rsa
        default: return nil
        }
    }
}

/// A public key of an accepted kind: EC P-256 (uncompressed), Ed25519, or RSA of 3072 to 8192 bits.
@safe package final class PublicKey: Sendable {
    package let kind: KeyKind
    /// SubjectPublicKeyInfo, DER.
    package let spki: [UInt8]
    /// The content of its BIT STRING: 65 bytes for P-256, 32 for Ed25519.
    package let raw: [UInt8]
    /// libcrypto locks what it caches in a key, so any thread may use it.
    nonisolated(unsafe) private let key: OpaquePointer

    /// Errors: `.certificate(.key)`.
    package init(spki: [UInt8]) throws(EnvelopeError) {
        guard let (kind, raw) = try? Self.parse(spki),
            let key = unsafe waybill_key_from_spki(spki, spki.count)
        else {
            LibraryFailure.forget()
            throw .certificate(.key)
        }
        (self.kind, self.raw, self.spki) = (kind, raw, spki)
        unsafe self.key = unsafe key
        guard kind != .rsa || (3072...8192).contains(unsafe EVP_PKEY_get_bits(key)) else {
            throw .certificate(.key)
        }
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// SHA-256 of the SubjectPublicKeyInfo.
    package var fingerprint: Fingerprint { SHA256.digest(spki) }

    /// Lends libcrypto's key for the length of a call.
    func withKey<R: ~Copyable>(_ body: (OpaquePointer) -> R) -> R {
        withExtendedLifetime(self) { unsafe body(key) }
    }

    /// Whether libcrypto finds nothing wrong with it, such as a point off the curve.
    var isSound: Bool {
        defer { LibraryFailure.forget() }
        return unsafe withKey { unsafe waybill_key_is_sound($0) == 1 }
    }

    private static func parse(_ spki: [UInt8]) throws(NotDER) -> (KeyKind, [UInt8]) {
        var outer = DERReader(spki)
        var inner = try outer.enter(DER.sequence)
        guard let kind = KeyKind(try inner.whole(DER.sequence)) else { throw NotDER() }
        let raw = try inner.bits()
        try inner.finish()
        try outer.finish()
        guard kind != .p256 || (raw.count == 65 && raw[0] == 4) else { throw NotDER() }
        return (kind, raw)
    }
}
