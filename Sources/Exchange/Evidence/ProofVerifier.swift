internal import Envelope
internal import Ledger
package import Vocabulary

/// Checks a proof as `verify.sh` does, and in the same words. Needs no installation, no network and no clock.
package struct ProofVerifier {
    private let files: ProofFiles
    private let pins: [Fingerprint]
    private let delivered: Digest?
    private var report = ProofReport()

    /// - Parameters:
    ///   - pins: identities that are known from elsewhere to be the agencies'; each must be one of the two.
    ///   - delivered: SHA-256 of the file at hand, if it is to be compared with the waybill's.
    package static func verify(_ files: ProofFiles, pins: [Fingerprint] = [], delivered: Digest? = nil) -> ProofReport {
        var verifier = ProofVerifier(files: files, pins: pins, delivered: delivered)
        do throws(ProofFault) {
            try verifier.run()
        } catch {
            verifier.report.add(.fails, error.what, error.why)
        }
        return verifier.report
    }

    private init(files: ProofFiles, pins: [Fingerprint], delivered: Digest?) {
        self.files = files
        self.pins = pins
        self.delivered = delivered
    }

    private mutating func run() throws(ProofFault) {
        let agencies = try ProofAgencies(files)
        let signed = try checkSums(agencies)
        try checkPins(agencies)
        let statements = try checkStatements(agencies)
        let ledger = try ProofLedger(files, agencies.prover, at: signed)
        let size = ledger.head.size
        report.add(.holds, ProofName.checkpoint, "is a signed head of the prover's ledger with \(size) entries")
        try checkEntries(ledger, agencies, statements)
        try checkDelivered(statements.waybill)
        report.add(
            .note, ProofName.checkpoint,
            "all times are claimed by their signers; no countersignature: that ledger is the prover's word only")
    }

    /// The prover signed the list, and the list is true. Returns when it was signed.
    private mutating func checkSums(_ agencies: ProofAgencies) throws(ProofFault) -> Instant {
        let name = ProofName.sumsSignature
        let signed = try agencies.prover.open(files.require(name), named: name)
        guard try files.require(ProofName.sums) == signed.content else {
            throw ProofFault(ProofName.sums, "is not what the prover signed")
        }
        try ProofSums.check(files)
        report.add(.holds, name, "\(agencies.prover.card.id) signed this proof, and no file was added or changed since")
        return signed.signingTime
    }

    private mutating func checkPins(_ agencies: ProofAgencies) throws(ProofFault) {
        let known = [agencies.sender, agencies.recipient].map(\.identity.fingerprint)
        if let stranger = pins.first(where: { !known.contains($0) }) {
            throw ProofFault("--identity", "neither card is by the identity \(stranger.hex)")
        }
        report.sender = agency(agencies.sender)
        report.recipient = agency(agencies.recipient)
        report.add(.holds, "cards", "each is signed by the identity inside it")
        guard !report.isPinned else { return }
        report.add(.note, "cards", "NOT PINNED: ask each agency for its fingerprint by another way and compare")
    }

    private func agency(_ card: ProofCard) -> ProofReport.Agency {
        let identity = card.identity.fingerprint
        return .init(id: card.card.id, name: card.card.name, identity: identity, isPinned: pins.contains(identity))
    }

    private mutating func checkStatements(_ agencies: ProofAgencies) throws(ProofFault) -> ProofStatements {
        let statements = try ProofStatements(files, agencies)
        report.waybill = statements.waybill
        report.add(.holds, ProofName.waybill, "\(agencies.sender.card.id) signed it at \(statements.waybill.signedAt)")
        switch statements.answer {
        case .receipt(let receipt):
            report.receipt = receipt
            report.add(
                .holds, ProofName.receipt,
                "\(agencies.recipient.card.id) signed at \(receipt.signedAt) that it holds the same file")
        case .refusal(let refusal):
            report.refusal = refusal
            report.add(
                .holds, ProofName.refusal,
                "\(agencies.recipient.card.id) refused it at \(refusal.signedAt) (\(refusal.reason.rawValue))")
        }
        return statements
    }

    private mutating func checkEntries(
        _ ledger: ProofLedger, _ agencies: ProofAgencies, _ statements: ProofStatements
    ) throws(ProofFault) {
        var kinds: Set<EventKind> = []
        var carried: Set<String> = []
        for seq in files.names.compactMap(ProofName.leafNumber).sorted() {
            let entry = try ledger.entry(seq, in: files, about: statements.waybill.id, with: agencies.partner)
            kinds.insert(entry.leaf.kind)
            if let name = try checkCarried(entry) { carried.insert(name) }
        }
        let expected = statements.answerKind(agencies.side)
        guard kinds.contains(expected) else {
            throw ProofFault(ProofName.entries, "none of them is of the kind \(expected.rawValue)")
        }
        for name in [ProofName.waybill, statements.answerName] where !carried.contains(name) {
            report.add(.note, name, "no entry shown here still carries it")
        }
        let finding = "each stands in that ledger, and the statements in them are those of this proof"
        report.add(.holds, ProofName.entries, finding)
    }

    /// The statement that an entry carries must be the one that the proof shows. Returns that one's name.
    private mutating func checkCarried(_ entry: ProofEntry) throws(ProofFault) -> String? {
        guard let detail = entry.detail else {
            report.add(.note, ProofName.entry(entry.leaf.seq, .leaf), "its detail has been erased; the leaf stands")
            return nil
        }
        guard let name = entry.statementName, !detail.statement.isEmpty else { return nil }
        guard detail.statement == files[name] else {
            throw ProofFault(ProofName.entry(entry.leaf.seq, .detail), "holds another statement than \(name)")
        }
        return name
    }

    private mutating func checkDelivered(_ waybill: Waybill) throws(ProofFault) {
        guard let delivered else { return }
        guard delivered == waybill.file.sha256 else {
            throw ProofFault("--file", "is not the file that the waybill describes")
        }
        report.add(.holds, "--file", "is the file that the waybill describes")
    }
}
