package import Envelope
internal import Synchronization
package import Vocabulary

/// Our keys of this moment. Rotation replaces them whole; what was begun with the former ones ends with them.
package final class KeyChain: Sendable {
    private struct Keys {
        var signer: StatementSigner
        var opener: Opener
        var retired: Set<Fingerprint> = []
    }

    private let keys: Mutex<Keys>

    package init(signer: StatementSigner, opener: Opener) {
        keys = Mutex(Keys(signer: signer, opener: opener))
    }

    package var signer: StatementSigner { keys.withLock { $0.signer } }
    package var opener: Opener { keys.withLock { $0.opener } }

    package func replace(signer: StatementSigner, opener: Opener, retired: Set<Fingerprint>) {
        keys.withLock { $0 = Keys(signer: signer, opener: opener, retired: retired) }
    }

    /// Whether a statement of ours is by a key that our card has retired. Almost never is there any.
    func hasRetired(signerOf statement: [UInt8]) -> Bool {
        let retired = keys.withLock { $0.retired }
        guard !retired.isEmpty, let signer = try? StatementVerifier.uncheckedSigner(ofCard: statement) else {
            return false
        }
        return retired.contains(signer.fingerprint)
    }
}
