package import Envelope
internal import Ledger
package import Vocabulary

/// A proof and what its verification found.
package struct ProofMade: Sendable {
    package let files: ProofFiles
    package let report: ProofReport
}

/// Makes the folder that proves one delivery to an outsider. What it writes, it has verified before.
package struct ProofWriter {
    private let signer: StatementSigner
    private let known: ProofKnown
    private let law: ProofLaw

    /// - Parameters:
    ///   - signer: the prover's signing key, of an identity that is the sender's or the recipient's.
    ///   - law: what the ids of a label mean in words, for the record that people read.
    package init(signer: StatementSigner, law: ProofLaw = ProofLaw(), stamps: StampCheck? = nil) {
        (self.signer, self.law, known) = (signer, law, ProofKnown(stamps: stamps))
    }

    /// Writes a proof into a folder that is new or empty.
    /// Throws `ProofTrouble.notEmpty`, `.folder`, `.unsound`, and `EnvelopeError` if signing fails.
    @discardableResult
    package func write(_ contents: ProofContents, to path: String, at now: Instant) throws -> ProofMade {
        let made = try make(contents, at: now)
        try made.files.write(to: path)
        return made
    }

    /// As the prover signs all that it says of its own accord, such as the list of a set.
    func sign(_ content: [UInt8], at now: Instant) throws -> [UInt8] { try signer.sign(content, at: now) }

    /// All files of the proof, signed and verified.
    package func make(_ contents: ProofContents, at now: Instant) throws -> ProofMade {
        var files = Self.unsigned(contents)
        // We trust the authority that we asked; whoever reads the proof must name it.
        var known = known
        known.authority = contents.heads.stamp?.authority
        let now = Instant(seconds: now.seconds)
        let report = ProofVerifier.examine(files, known, provedAt: now)
        if let failure = report.failure { throw ProofTrouble.unsound(what: failure.what, why: failure.text) }
        guard let facts = ProofFacts(report, provedAt: now) else {
            throw ProofTrouble.unsound(what: "cards", why: "they name no agencies")
        }
        files.add(ProofName.readme, ProofPages.readme(facts))
        files.add(ProofName.record, ProofPages.record(facts, law))
        let sums = ProofSums.text(of: files)
        files.add(ProofName.sums, sums)
        files.add(ProofName.sumsSignature, try signer.sign(sums, at: now))
        let verified = ProofVerifier.verify(files, known)
        if let failure = verified.failure {
            throw ProofTrouble.unsound(what: failure.what, why: failure.text)
        }
        return ProofMade(files: files, report: verified)
    }

    /// The agencies as these cards show them, the one of the day first.
    static func agencies(
        _ sender: ProofContents.Cards, _ recipient: ProofContents.Cards, _ prover: [UInt8]
    ) throws(ProofTrouble) -> ProofAgencies {
        var files = ProofFiles([ProofName.proverCard: prover])
        for (side, cards) in [(ProofName.Side.sender, sender), (.recipient, recipient)] {
            add(cards, of: side, to: &files)
        }
        do { return try ProofAgencies(files) } catch { throw .unsound(what: error.what, why: error.why) }
    }

    private static func add(_ cards: ProofContents.Cards, of side: ProofName.Side, to files: inout ProofFiles) {
        for (number, card) in cards.enumerated() {
            let name = number == 0 ? side.card : ProofName.card(side, card.serial)
            // Our newest has a name of its own.
            if number == 0 || card.bytes != files[ProofName.proverCard] { files.add(name, card.bytes) }
        }
    }

    private static func unsigned(_ contents: ProofContents) -> ProofFiles {
        var files = ProofFiles([
            ProofName.version: ProofName.versionText, ProofName.script: VerifyScript.bytes,
            ProofName.waybill: contents.waybill,
            ProofName.proverCard: contents.prover,
            ProofName.checkpoint: Array(contents.heads.checkpoint.text.utf8),
        ])
        add(contents.sender, of: .sender, to: &files)
        add(contents.recipient, of: .recipient, to: &files)
        switch contents.answer {
        case .receipt(let signed): files.add(ProofName.receipt, signed)
        case .refusal(let signed): files.add(ProofName.refusal, signed)
        }
        for statement in contents.later { files.add(ProofName.later(statement.seq), statement.bytes) }
        if let later = contents.heads.later { files.add(ProofName.laterHead, Array(later.text.utf8)) }
        if let stamp = contents.heads.stamp {
            files.add(ProofName.stamped, Array(stamp.note.text.utf8))
            files.add(ProofName.token, stamp.token)
            files.add(ProofName.authority, stamp.authority)
        }
        for entry in contents.entries { add(entry, contents.heads, to: &files) }
        return files
    }

    private static func add(_ entry: ProofContents.Entry, _ heads: ProofHeads, to files: inout ProofFiles) {
        let seq = entry.event.seq
        files.add(ProofName.entry(seq, .leaf), entry.event.leaf.bytes)
        let proof = TlogProof(index: seq, hashes: entry.path, checkpoint: heads.covering(seq))
        files.add(ProofName.entry(seq, .path), Array(proof.text.utf8))
        if let path = entry.stamped, let stamp = heads.stamp {
            let proof = TlogProof(index: seq, hashes: path, checkpoint: stamp.note)
            files.add(ProofName.entry(seq, .stamped), Array(proof.text.utf8))
        }
        guard let salt = entry.event.salt, let detail = entry.event.detail else { return }
        files.add(ProofName.entry(seq, .salt), Array((Hex.encode(salt) + "\n").utf8))
        files.add(ProofName.entry(seq, .detail), detail)
    }
}
