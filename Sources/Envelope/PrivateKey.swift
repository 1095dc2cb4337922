internal import COpenSSL
package import Vocabulary

/// A private key. It has one owner, is lent and never handed out, and libcrypto clears it when it goes.
@safe package struct PrivateKey: ~Copyable, Sendable {
    package let publicKey: PublicKey
    /// libcrypto locks what it caches in a key, so any thread may use it.
    nonisolated(unsafe) private let key: OpaquePointer

    package var kind: KeyKind { publicKey.kind }
    /// SHA-256 of the SubjectPublicKeyInfo.
    package var fingerprint: Fingerprint { publicKey.fingerprint }

    /// A fresh key. RSA keys are never made here, only admitted from elsewhere: `.key(.kind)`.
    package static func generate(_ kind: KeyKind) throws(EnvelopeError) -> PrivateKey {
        switch kind {
        case .p256: try unsafe PrivateKey(waybill_generate_p256(), or: LibraryFailure.take())
        case .ed25519: try unsafe PrivateKey(waybill_generate_ed25519(), or: LibraryFailure.take())
        case .rsa: throw .key(.kind)
        }
    }

    /// Reads an unencrypted key in PEM (PKCS#8, or OpenSSL's older forms).
    /// Errors: `.key(.unreadable)`, `.key(.kind)`.
    package init(pem: [UInt8]) throws(EnvelopeError) {
        defer { LibraryFailure.forget() }
        try unsafe self.init(waybill_key_from_pem(pem, Int32(clamping: pem.count)), or: .key(.unreadable))
    }

    /// Takes ownership of what libcrypto returned.
    private init(_ key: OpaquePointer?, or failure: @autoclosure () -> EnvelopeError) throws(EnvelopeError) {
        guard let key = unsafe key else { throw failure() }
        var spki = [UInt8](repeating: 0, count: 2048)
        let count = unsafe waybill_key_to_spki(key, &spki, Int32(spki.count))
        do {
            publicKey = try PublicKey(spki: Array(spki.prefix(Int(count))))
        } catch {
            unsafe EVP_PKEY_free(key)
            throw .key(.kind)
        }
        unsafe self.key = unsafe key
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// PKCS#8 in PEM, unencrypted: for a file of mode 0600 and for nothing else.
    package borrowing func pem() throws(EnvelopeError) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: 8192)
        let count = unsafe waybill_key_to_pem(key, &text, Int32(text.count))
        guard count > 0 else { throw LibraryFailure.take() }
        return Array(text.prefix(Int(count)))
    }

    /// Lends libcrypto's key for the length of a call.
    borrowing func withKey<R: ~Copyable>(_ body: (OpaquePointer) -> R) -> R { unsafe body(key) }
}
