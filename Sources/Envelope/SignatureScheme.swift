internal import COpenSSL

/// How a signature is made: the closed list of `Formats.md`. `AlgorithmIdentifier`s in, libcrypto's numbers out.
enum SignatureScheme: Sendable {
    case ecdsa, ed25519, pss, pkcs1

    /// What a key of this kind signs with. PKCS #1 v1.5 is read but never written.
    init(signingWith kind: KeyKind) {
        switch kind {
        case .p256: self = .ecdsa
        case .ed25519: self = .ed25519
        case .rsa: self = .pss
        }
    }

    /// The scheme of a statement, if it is on the list and fits the signer's kind of key.
    init?(statement identifier: [UInt8], by kind: KeyKind) {
        switch kind {
        case .p256 where identifier == Identifier.ecdsaSHA256: self = .ecdsa
        case .rsa where Identifier.pssSHA256s.contains(identifier): self = .pss
        case .rsa where Identifier.pkcs1SHA256s.contains(identifier): self = .pkcs1
        default: return nil
        }
    }

    var identifier: [UInt8] {
        switch self {
        case .ecdsa: Identifier.ecdsaSHA256
        case .ed25519: Identifier.ed25519Signature
        case .pss: Identifier.pssSHA256
        case .pkcs1: Identifier.rsaKey
        }
    }

    fileprivate var digest: String? { self == .ed25519 ? nil : "SHA256" }

    fileprivate var padding: Int32 {
        switch self {
        case .ecdsa, .ed25519: 0
        case .pss: RSA_PKCS1_PSS_PADDING
        case .pkcs1: RSA_PKCS1_PADDING
        }
    }
}

extension PublicKey {
    func verifies(_ signature: [UInt8], over message: [UInt8], as scheme: SignatureScheme) -> Bool {
        defer { LibraryFailure.forget() }
        return unsafe withKey { key in
            unsafe waybill_verify(
                key, scheme.digest, scheme.padding, message, message.count, signature, signature.count) == 1
        }
    }
}

extension PrivateKey {
    /// ECDSA with SHA-256 (DER) for P-256, raw Ed25519 (64 bytes), RSA-PSS with SHA-256 for RSA.
    package borrowing func sign(_ message: [UInt8]) throws(EnvelopeError) -> [UInt8] {
        let scheme = SignatureScheme(signingWith: kind)
        var signature = [UInt8](repeating: 0, count: 1024)
        let count = unsafe withKey { key in
            unsafe waybill_sign(
                key, scheme.digest, scheme.padding, message, message.count, &signature, signature.count)
        }
        guard count > 0 else { throw LibraryFailure.take() }
        return Array(signature.prefix(count))
    }
}
