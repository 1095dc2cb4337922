package import Envelope
internal import Ledger
package import Vocabulary

/// Makes the folder that proves one delivery to an outsider. What it writes, it has verified before.
package struct ProofWriter {
    private let signer: StatementSigner

    /// - Parameter signer: the prover's signing key, of an identity that is the sender's or the recipient's.
    package init(signer: StatementSigner) { self.signer = signer }

    /// Writes a proof into a folder that is new or empty.
    /// Throws `ProofTrouble.notEmpty`, `.folder`, `.unsound`, and `EnvelopeError` if signing fails.
    package func write(_ contents: ProofContents, to path: String, at now: Instant) throws {
        try files(contents, at: now).write(to: path)
    }

    /// All files of the proof, signed and verified.
    package func files(_ contents: ProofContents, at now: Instant) throws -> ProofFiles {
        var files = Self.unsigned(contents)
        do {
            let readme = try ProofReadme(files, provedAt: now)
            files.add(ProofName.readme, Array(readme.text.utf8))
        } catch {
            throw ProofTrouble.unsound(what: error.what, why: error.why)
        }
        let sums = ProofSums.text(of: files)
        files.add(ProofName.sums, sums)
        files.add(ProofName.sumsSignature, try signer.sign(sums, at: now))
        if let failure = ProofVerifier.verify(files).failure {
            throw ProofTrouble.unsound(what: failure.what, why: failure.text)
        }
        return files
    }

    private static func unsigned(_ contents: ProofContents) -> ProofFiles {
        var files = ProofFiles([
            ProofName.script: Array(VerifyScript.text.utf8), ProofName.waybill: contents.waybill,
            ProofName.senderCard: contents.cards.sender, ProofName.recipientCard: contents.cards.recipient,
            ProofName.proverCard: contents.cards.prover,
            ProofName.checkpoint: Array(contents.checkpoint.text.utf8),
        ])
        switch contents.answer {
        case .receipt(let signed): files.add(ProofName.receipt, signed)
        case .refusal(let signed): files.add(ProofName.refusal, signed)
        }
        for entry in contents.entries { add(entry, contents.checkpoint, to: &files) }
        return files
    }

    private static func add(_ entry: ProofContents.Entry, _ checkpoint: SignedNote, to files: inout ProofFiles) {
        let seq = entry.event.seq
        let proof = TlogProof(index: seq, hashes: entry.path, checkpoint: checkpoint)
        files.add(ProofName.entry(seq, .leaf), entry.event.leaf.bytes)
        files.add(ProofName.entry(seq, .path), Array(proof.text.utf8))
        guard let salt = entry.event.salt, let detail = entry.event.detail else { return }
        files.add(ProofName.entry(seq, .salt), Array((Hex.encode(salt) + "\n").utf8))
        files.add(ProofName.entry(seq, .detail), detail)
    }
}
