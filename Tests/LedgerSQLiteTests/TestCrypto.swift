import Envelope
import Ledger
import Vocabulary

/// OpenSSL behind the ledger's seam, as in the daemon.
struct TestCrypto: LedgerCrypto {
    func sha256(_ bytes: [UInt8]) -> Digest { SHA256.digest(bytes) }
    func hmac(key: [UInt8], _ bytes: [UInt8]) -> Digest { HMAC.sha256(key: key, bytes) }
    func salt() -> [UInt8] { Random.bytes(32) }
    func verify(_ signature: [UInt8], over message: [UInt8], by publicKey: [UInt8]) -> Bool {
        Ed25519.verify(signature, over: message, publicKey: publicKey)
    }
}

/// A fresh ledger key.
final class TestSigner: CheckpointSigner {
    private let key: PrivateKey
    let publicKey: [UInt8]

    init() throws {
        key = try PrivateKey.generate(.ed25519)
        publicKey = key.publicKey.raw
    }

    func sign(_ message: [UInt8]) throws -> [UInt8] { try key.sign(message) }
}
