package import Envelope
internal import Ledger
package import Vocabulary

/// Lends `Envelope`'s primitives to the ledger, which stays free of C.
package struct OpenSSLLedgerCrypto: LedgerCrypto {
    package init() {}

    package func sha256(_ bytes: [UInt8]) -> Digest { SHA256.digest(bytes) }
    package func hmac(key: [UInt8], _ bytes: [UInt8]) -> Digest { HMAC.sha256(key: key, bytes) }
    package func salt() -> [UInt8] { Random.bytes(32) }
    package func verify(_ signature: [UInt8], over message: [UInt8], by publicKey: [UInt8]) -> Bool {
        Ed25519.verify(signature, over: message, publicKey: publicKey)
    }
}

/// The agency's ledger key, signing checkpoints.
package final class LedgerKey: CheckpointSigner, Sendable {
    private let key: PrivateKey
    package let publicKey: [UInt8]

    package init(key: consuming PrivateKey) throws {
        publicKey = key.publicKey.raw
        self.key = key
    }

    package func sign(_ message: [UInt8]) throws -> [UInt8] { try key.sign(message) }
}
