internal import Envelope
internal import Ledger
internal import Vocabulary

/// Checks a proof as `verify.sh` does, and in the same words. Needs no installation, no network and no clock.
package struct ProofVerifier {
    private let files: ProofFiles
    private let known: ProofKnown
    private var report = ProofReport()

    package static func verify(_ files: ProofFiles, _ known: ProofKnown = ProofKnown()) -> ProofReport {
        run(files, known) { verifier throws(ProofFault) in try verifier.checkWhole() }
    }

    /// What can be said of a proof that is not signed yet.
    static func examine(_ files: ProofFiles, _ known: ProofKnown, provedAt: Instant) -> ProofReport {
        run(files, known) { verifier throws(ProofFault) in
            let agencies = try ProofAgencies(verifier.files)
            try verifier.checkPins(agencies)
            try verifier.checkEvidence(agencies, proved: provedAt)
        }
    }

    private static func run(
        _ files: ProofFiles, _ known: ProofKnown, _ body: (inout ProofVerifier) throws(ProofFault) -> Void
    ) -> ProofReport {
        var verifier = ProofVerifier(files: files, known: known)
        do throws(ProofFault) {
            try body(&verifier)
        } catch {
            verifier.report.add(.fails, error.what, error.why)
        }
        return verifier.report
    }

    private init(files: ProofFiles, known: ProofKnown) {
        self.files = files
        self.known = known
    }

    private mutating func checkWhole() throws(ProofFault) {
        let agencies = try ProofAgencies(files)
        let proved = try checkSums(agencies)
        try checkPins(agencies)
        try checkEvidence(agencies, proved: proved)
    }

    private mutating func checkEvidence(_ agencies: ProofAgencies, proved: Instant) throws(ProofFault) {
        report.side = agencies.side
        let statements = try checkStatements(agencies)
        let ledger = try checkHeads(agencies, proved)
        let times = try checkEntries(ledger, agencies, statements)
        try checkTimes(statements, agencies, times)
        try checkDelivered(statements.waybill)
        tellWhatItRestsOn(agencies)
    }

    /// The prover signed the list, and the list is true. Returns when it was signed.
    private mutating func checkSums(_ agencies: ProofAgencies) throws(ProofFault) -> Instant {
        let name = ProofName.sumsSignature
        let signed = try VerifiedContent(name, by: agencies.ours, in: files)
        if let retired = agencies.ours.retirement(of: signed.signer), retired.seconds <= signed.signingTime.seconds {
            throw ProofFault(name, "the key that signed it was retired at \(retired)")
        }
        guard try files.require(ProofName.sums) == signed.bytes else {
            throw ProofFault(ProofName.sums, "is not what the prover signed")
        }
        try ProofSums.check(files)
        report.add(.holds, name, "\(agencies.prover.card.id) signed this proof, and no file was added or changed since")
        return signed.signingTime
    }

    private mutating func checkPins(_ agencies: ProofAgencies) throws(ProofFault) {
        let both = [agencies.sender, agencies.recipient].map(\.day.identity.fingerprint)
        if !known.areOfMany, let stranger = known.pins.first(where: { !both.contains($0) }) {
            throw ProofFault("--identity", "neither card is by the identity \(stranger.hex)")
        }
        report.sender = agency(agencies.sender.day)
        report.recipient = agency(agencies.recipient.day)
        report.add(.holds, "cards", "each is signed by the identity inside it")
        guard !report.isPinned else { return }
        report.add(.note, "cards", "NOT PINNED: ask each agency for its fingerprint by another way and compare")
    }

    private func agency(_ card: ProofCard) -> ProofReport.Agency {
        let identity = card.identity.fingerprint
        return .init(
            id: card.card.id, name: card.card.name, identity: identity, isPinned: known.pins.contains(identity))
    }

    private mutating func checkStatements(_ agencies: ProofAgencies) throws(ProofFault) -> ProofStatements {
        let statements = try ProofStatements(files, agencies)
        report.waybill = statements.waybill
        report.add(
            .holds, ProofName.waybill, "\(agencies.sender.day.card.id) signed it at \(statements.waybill.signedAt)")
        switch statements.answer {
        case .receipt(let receipt):
            report.receipt = receipt
            report.add(
                .holds, ProofName.receipt,
                "\(agencies.recipient.day.card.id) signed at \(receipt.signedAt) that it holds the same file")
        case .refusal(let refusal):
            report.refusal = refusal
            report.add(
                .holds, ProofName.refusal,
                "\(agencies.recipient.day.card.id) refused it at \(refusal.signedAt) (\(refusal.reason.rawValue))")
        }
        return statements
    }

    private mutating func checkHeads(_ agencies: ProofAgencies, _ proved: Instant) throws(ProofFault) -> ProofLedger {
        let ledger = try ProofLedger(
            files, agencies, proved: proved, stamps: known.stamps, authority: known.authority)
        for head in ledger.heads { tell(head, agencies) }
        report.isAuthorityPinned = ledger.stampedAt != nil && known.authority != nil
        if let at = ledger.stampedAt {
            let pinned = known.authority == nil ? " (NOT PINNED: compare tsa.pem with the authority's own)" : ""
            report.add(.holds, ProofName.token, "an authority of tsa.pem stamped checkpoint.stamped at \(at)\(pinned)")
        } else if files[ProofName.token] != nil {
            report.add(.note, ProofName.token, "was not checked here; verify.sh checks it")
        }
        return ledger
    }

    private mutating func tell(_ head: ProofHead, _ agencies: ProofAgencies) {
        report.add(.holds, head.name, "is a signed head of the prover's ledger with \(head.checkpoint.size) entries")
        if let seen = head.seen {
            report.add(.holds, head.name, "\(agencies.theirs.day.card.id) countersigned it at \(seen)")
        }
        for remark in head.remarks { report.add(.note, head.name, remark) }
    }

    /// Returns who else saw each statement, and when.
    private mutating func checkEntries(
        _ ledger: ProofLedger, _ agencies: ProofAgencies, _ statements: ProofStatements
    ) throws(ProofFault) -> [String: [ProofReport.Proven]] {
        var kinds: Set<EventKind> = []
        var times: [String: [ProofReport.Proven]] = [:]
        let partner = agencies.theirs.day.card.id
        for seq in files.names.compactMap(ProofName.leafNumber).sorted() {
            let entry = try ledger.entry(seq, in: files, about: statements.waybill.id, with: partner)
            kinds.insert(entry.leaf.kind)
            if let name = try checkCarried(entry), times[name] == nil { times[name] = ledger.times(of: entry) }
        }
        let expected = statements.answerKind(agencies.side)
        guard kinds.contains(expected) else {
            throw ProofFault(ProofName.entries, "none of them is of the kind \(expected.rawValue)")
        }
        for name in [ProofName.waybill, statements.answerName] where times[name] == nil {
            report.add(.note, name, "no entry shown here still carries it")
        }
        let finding = "each stands in that ledger, and the statements in them are those of this proof"
        report.add(.holds, ProofName.entries, finding)
        return times
    }

    /// The statement that an entry carries must be the one that the proof shows. Returns that one's name.
    private mutating func checkCarried(_ entry: ProofEntry) throws(ProofFault) -> String? {
        guard let detail = entry.detail else {
            report.erased += 1
            let name = ProofName.entry(entry.leaf.seq, .leaf)
            report.add(.note, name, "its detail is not shown or has been erased; the leaf stands")
            return nil
        }
        guard let name = entry.statementName, !detail.statement.isEmpty else { return nil }
        guard detail.statement == files[name] else {
            throw ProofFault(ProofName.entry(entry.leaf.seq, .detail), "holds another statement than \(name)")
        }
        return name
    }

    private mutating func checkTimes(
        _ statements: ProofStatements, _ agencies: ProofAgencies, _ times: [String: [ProofReport.Proven]]
    ) throws(ProofFault) {
        for signed in statements.signed {
            let author = signed.file == ProofName.waybill ? agencies.sender : agencies.recipient
            let moment = ProofMoment(signed, by: author, times[signed.file] ?? [])
            for note in try moment.notes() { report.add(.note, signed.file, note) }
        }
        let answered = times[statements.answerName] ?? []
        report.time = answered.first
        report.countersigned = answered.first { $0.by == .counterparty }?.at
        report.stamped = answered.first { $0.by == .authority }?.at
    }

    private mutating func checkDelivered(_ waybill: Waybill) throws(ProofFault) {
        guard let delivered = known.delivered else { return }
        guard delivered == waybill.file.sha256 else {
            throw ProofFault("--file", "is not the file that the waybill describes")
        }
        report.add(.holds, "--file", "is the file that the waybill describes")
    }

    private mutating func tellWhatItRestsOn(_ agencies: ProofAgencies) {
        let other = agencies.theirs.day.card.id
        if report.countersigned == nil {
            let text = "no countersignature by \(other) covers them: that ledger is the prover's word only"
            report.add(.note, ProofName.checkpoint, text)
        }
        let time =
            switch report.time {
            case nil: "all are claimed by their signers"
            case let time? where time.by == .authority: "both were seen by \(time.at), by a time authority"
            case let time?: "both were seen by \(time.at), by \(other); other times are claimed"
            }
        report.add(.note, "times", time)
    }
}
