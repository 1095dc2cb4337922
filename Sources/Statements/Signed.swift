package import Envelope
package import Vocabulary

/// A statement whose signature held, by a key that counts, with one date. Nothing outside this file can make one.
package struct Signed<S: Statement>: Sendable {
    package let statement: S
    /// SHA-256 of the JSON that was signed.
    package let digest: Digest
    package let signer: Certificate

    fileprivate init(_ statement: S, _ verified: VerifiedStatement) {
        (self.statement, signer) = (statement, verified.signer)
        digest = SHA256.digest(verified.content)
    }
}

/// Who must have signed, and which of their keys count: whoever believes a signature of the signing role asks here.
package struct Author: Sendable {
    package enum RetiredKeys: Sendable {
        /// At a door: whoever stole one may date what it signs as he likes.
        case refused(Set<Fingerprint>)
        /// In what a ledger has: what was signed before the key was retired counts.
        case countBefore([Fingerprint: Instant])
        /// The caller judges, who knows who else saw it and when.
        case count
    }

    package enum Reading: Sendable {
        /// Each text must be plain and within its bound.
        case fromOutside
        /// It was taken in before, perhaps by a version that let more through.
        case kept
    }

    private let identity: Certificate
    private let retired: RetiredKeys

    package init(_ identity: Certificate, _ retired: RetiredKeys) {
        (self.identity, self.retired) = (identity, retired)
    }

    /// Throws `EnvelopeError`, and `Malformed` for a retired key, another statement or two dates that differ.
    package func verify<S: Statement>(
        _ signed: [UInt8], as kind: S.Type = S.self, _ reading: Reading = .fromOutside
    ) throws -> Signed<S> {
        let verified = try open(signed)
        let statement =
            switch reading {
            case .fromOutside: try S(parsing: verified.content)
            case .kept: try S(kept: verified.content)
            }
        guard statement.signedAt.seconds == verified.signingTime.seconds else {
            throw Malformed("statement", "has two dates that differ")
        }
        return Signed(statement, verified)
    }

    /// Whatever it says, verified at the time that it claims. Throws `EnvelopeError`, and `Malformed` for a retired key.
    package func open(_ signed: [UInt8]) throws -> VerifiedStatement {
        let verified = try StatementVerifier.verify(signed, identity: identity, role: .signing)
        try require(verified.signer.fingerprint, at: verified.signingTime)
        return verified
    }

    private func require(_ key: Fingerprint, at signingTime: Instant) throws(Malformed) {
        switch retired {
        case .refused(let keys) where keys.contains(key):
            throw Malformed("statement", "is signed with a retired key")
        case .countBefore(let ends):
            guard let end = ends[key], end <= signingTime else { return }
            throw Malformed("statement", "is signed with a key that was retired at \(end)")
        default: return
        }
    }
}
