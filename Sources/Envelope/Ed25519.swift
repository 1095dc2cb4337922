/// Ed25519 (RFC 8032), the signature of ledger checkpoints.
package enum Ed25519 {
    /// Whether `signature` (64 bytes) over `message` is by the raw `publicKey` (32 bytes). Wrong sizes are never valid.
    package static func verify(_ signature: [UInt8], over message: [UInt8], publicKey: [UInt8]) -> Bool {
        guard signature.count == 64, publicKey.count == 32 else { return false }
        let key = try? PublicKey(spki: DER.sequence(Identifier.ed25519Key, DER.bits(publicKey)))
        return key?.verifies(signature, over: message, as: .ed25519) ?? false
    }
}
