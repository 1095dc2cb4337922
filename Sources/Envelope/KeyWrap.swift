internal import COpenSSL

/// How a content key travels to its recipient: wrapped under an ephemeral-static ECDH secret (RFC 5753, RFC 3394), or
/// under RSA-OAEP (RFC 3560).
enum KeyWrap {
    private static let wrap = Algorithm.cipher("AES-256-WRAP")
    private static let sha256 = Algorithm.digest("SHA256")
    /// ECC-CMS-SharedInfo (RFC 5753, 7.2): the wrap algorithm and the length of its key in bits.
    private static let sharedInfo = DER.sequence(
        Identifier.aes256Wrap, DER.element(DER.context(2), DER.octets([0, 0, 1, 0])))

    /// Wraps for a P-256 key that `PublicKey.isSound` has passed, under a key made for this one message.
    static func agree(_ key: borrowing Secret, with recipient: PublicKey) throws(EnvelopeError)
        -> (point: [UInt8], wrapped: [UInt8])
    {
        let made = unsafe recipient.withKey { unsafe EphemeralKey(waybill_generate_like($0)) }
        guard let ephemeral = made else { throw LibraryFailure.take() }
        var (point, wrapped) = ([UInt8](repeating: 0, count: 65), [UInt8](repeating: 0, count: 40))
        let done = unsafe recipient.withKey { peer in
            unsafe key.withBytes { content in
                unsafe waybill_public_bytes(ephemeral.key, &point, 65) == 65
                    && waybill_ecdh_wrap(
                        ephemeral.key, peer, sharedInfo, sharedInfo.count, sha256.raw, wrap.raw, 1, content,
                        &wrapped) == 1
            }
        }
        guard done else { throw LibraryFailure.take() }
        return (point, wrapped)
    }

    /// Unwraps with our sealing key. The sender's point is an outsider's and is validated each time.
    static func agreed(_ wrapped: [UInt8], from point: [UInt8], with own: borrowing PrivateKey) -> Secret? {
        defer { LibraryFailure.forget() }
        let key = Secret(count: ContentCipher.keyCount)
        let done = unsafe own.withKey { own in
            guard let peer = unsafe EphemeralKey(waybill_point_like(own, point, point.count)) else { return false }
            return unsafe key.withBytes { content in
                unsafe waybill_ecdh_wrap(
                    own, peer.key, sharedInfo, sharedInfo.count, sha256.raw, wrap.raw, 0, wrapped, content) == 1
            }
        }
        guard done else { return nil }
        return key
    }

    static func encrypt(_ key: borrowing Secret, to recipient: PublicKey) throws(EnvelopeError) -> [UInt8] {
        var encrypted = [UInt8](repeating: 0, count: 1024)
        let count = unsafe recipient.withKey { recipient in
            unsafe key.withBytes { content in
                unsafe waybill_oaep(recipient, 1, content, key.count, &encrypted, encrypted.count)
            }
        }
        guard count > 0 else { throw LibraryFailure.take() }
        return Array(encrypted.prefix(count))
    }

    static func decrypt(_ encrypted: [UInt8], with own: borrowing PrivateKey) -> Secret? {
        defer { LibraryFailure.forget() }
        // libcrypto wants room for the longest text that the key could carry.
        let text = Secret(count: 1024)
        let count = unsafe own.withKey { own in
            unsafe text.withBytes { unsafe waybill_oaep(own, 0, encrypted, encrypted.count, $0, 1024) }
        }
        guard count == ContentCipher.keyCount else { return nil }
        let key = Secret(count: count)
        unsafe key.withBytes { to in unsafe text.withBytes { from in unsafe to.update(from: from, count: count) } }
        return key
    }

    /// A key of libcrypto's for one message, freed with it.
    @safe private struct EphemeralKey: ~Copyable {
        let key: OpaquePointer

        init?(_ key: OpaquePointer?) {
            guard let key = unsafe key else { return nil }
            unsafe self.key = unsafe key
        }

        deinit { unsafe EVP_PKEY_free(key) }
    }
}
