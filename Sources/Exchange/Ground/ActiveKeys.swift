package import Envelope
internal import Synchronization
package import Vocabulary

/// Our keys of this moment. Rotation replaces them whole; what was begun with the former ones ends with them.
package final class ActiveKeys: Sendable {
    private struct Keys {
        var signer: StatementSigner
        var opener: Opener
        /// Since when each must not be used.
        var retired: [Fingerprint: Instant] = [:]
    }

    /// Seconds after its certificate's end for which a key's waybills are still taken: they were signed before, and waited.
    /// Without an end, whoever finds an old key that nobody retired may date a waybill as he likes.
    static let longestWay: Int64 = 30 * 86_400

    private let keys: Mutex<Keys>

    package init(signer: StatementSigner, opener: Opener) {
        keys = Mutex(Keys(signer: signer, opener: opener))
    }

    package var signer: StatementSigner { keys.withLock { $0.signer } }
    package var retired: [Fingerprint: Instant] { keys.withLock { $0.retired } }
    package var opener: Opener { keys.withLock { $0.opener } }

    package func replace(signer: StatementSigner, opener: Opener, retired: [Fingerprint: Instant]) {
        keys.withLock { $0 = Keys(signer: signer, opener: opener, retired: retired) }
    }

    /// Whether no recipient takes a waybill of ours any more because of the key that signed it: our card has retired it, or
    /// its certificate ended too long ago.
    /// - Parameters:
    ///   - signedAt: by then its key had not ended: what is younger than `longestWay` need not be looked into.
    ///   - now: nil where nothing is given up for being old, because our clock may be wrong.
    func hasOutlived(signerOf waybill: [UInt8], _ signedAt: Instant, at now: Instant?) -> Bool {
        let isOld = now.map { $0.seconds - signedAt.seconds > Self.longestWay } ?? false
        let retired = retired
        guard isOld || !retired.isEmpty, let signer = try? StatementVerifier.uncheckedSigner(ofCard: waybill) else {
            return false
        }
        if let now, now.seconds - signer.notAfter.seconds > Self.longestWay { return true }
        return retired[signer.fingerprint] != nil
    }
}
