package import Vocabulary

/// The few primitives that the ledger needs, lent by `Envelope`, so that this floor stays free of C.
package protocol LedgerCrypto: Sendable {
    func sha256(_ bytes: [UInt8]) -> Digest
    func hmac(key: [UInt8], _ bytes: [UInt8]) -> Digest
    /// 32 fresh random bytes.
    func salt() -> [UInt8]
    /// Whether this Ed25519 signature (64 bytes) over `message` is by `publicKey` (32 bytes).
    func verify(_ signature: [UInt8], over message: [UInt8], by publicKey: [UInt8]) -> Bool
}

/// Signs checkpoints with the agency's ledger key. Absent where the ledger is only read.
package protocol CheckpointSigner: Sendable {
    /// 32 bytes, raw Ed25519.
    var publicKey: [UInt8] { get }
    /// 64 bytes, Ed25519 over these bytes.
    func sign(_ message: [UInt8]) throws -> [UInt8]
    /// The keys to sign with now, oldest first. While one takes over from another a note carries a signature by each, so
    /// that whoever knows either key believes it.
    var present: [any CheckpointSigner] { get }
}

extension CheckpointSigner {
    package var present: [any CheckpointSigner] { [self] }
}
