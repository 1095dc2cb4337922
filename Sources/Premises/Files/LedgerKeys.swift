package import Envelope
package import Ledger
internal import Synchronization
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

/// The ledger keys of this moment, oldest first: the newest is ours, the others are known to partners until retired.
package final class LedgerKeys: CheckpointSigner, Sendable {
    private let keys: Mutex<[LedgerKey]>
    private let everKnown: Mutex<[[UInt8]]>

    /// - Parameters:
    ///   - keys: never empty.
    ///   - known: public keys of all our ledger certificates, former ones too: old notes are still ours.
    package init(_ keys: [LedgerKey], known: [[UInt8]]) {
        precondition(!keys.isEmpty, "a ledger has a key")
        self.keys = Mutex(keys)
        everKnown = Mutex(known)
    }

    package func replace(_ fresh: [LedgerKey], known: [[UInt8]]) {
        if !fresh.isEmpty { keys.withLock { $0 = fresh } }
        everKnown.withLock { $0 = known }
    }

    package var known: [[UInt8]] { everKnown.withLock { $0 } }

    package var present: [any CheckpointSigner] { keys.withLock { $0 } }
    package var publicKey: [UInt8] { keys.withLock { $0.last?.publicKey ?? [] } }
    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        try keys.withLock { $0.last }?.sign(message) ?? []
    }
}
