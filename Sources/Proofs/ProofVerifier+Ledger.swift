internal import Envelope
internal import Ledger
internal import Vocabulary

/// What the entries of a proof say.
struct ProofEntries {
    /// Those that hold what was said afterwards.
    var later: [Leaf] = []
    /// Who else saw each statement, and when; by the file of the statement.
    var times: [String: [ProofReport.Proven]] = [:]
    var kinds: Set<EventKind> = []
}

extension ProofVerifier {
    mutating func checkHeads(_ agencies: ProofAgencies, _ proved: Instant) throws(ProofFault) -> ProofLedger {
        let ledger = try ProofLedger(
            files, agencies, proved: proved, stamps: known.stamps, authority: known.authority)
        for head in ledger.heads { tell(head, agencies) }
        guard files[ProofName.token] != nil else { return ledger }
        guard let at = ledger.stampedAt else {
            report.add(.note, ProofName.token, "was not checked here; verify.sh checks it")
            return ledger
        }
        if ledger.isAuthorityNamed {
            report.add(
                .holds, ProofName.token,
                "the authority that you named stamped \(ProofName.stamped) \(ProofMoment.within(at)).")
        } else {
            report.hasUnnamedAuthority = true
            report.add(
                .note, ProofName.token,
                "its authority was not named by \(ProofKnown.named), so it counts for nothing: ask the authority itself for "
                    + "its certificate.")
        }
        return ledger
    }

    private mutating func tell(_ head: ProofHead, _ agencies: ProofAgencies) {
        report.add(.holds, head.name, "is a signed head of the prover's ledger with \(head.checkpoint.size) entries.")
        if let seen = head.seen {
            report.add(.holds, head.name, "\(agencies.theirs.id) countersigned it \(ProofMoment.within(seen)).")
        }
        for remark in head.remarks { report.add(.note, head.name, remark) }
    }

    mutating func checkEntries(
        _ ledger: ProofLedger, _ agencies: ProofAgencies, _ statements: ProofStatements
    ) throws(ProofFault) -> ProofEntries {
        var entries = ProofEntries()
        for seq in files.names.compactMap(ProofName.leafNumber).sorted() {
            let entry = try ledger.entry(seq, in: files, about: statements.waybill.id, with: agencies.theirs.id)
            entries.kinds.insert(entry.leaf.kind)
            report.tell("entry \(seq): \(entry.leaf.at) \(entry.leaf.kind.rawValue)")
            try checkLater(entry, &entries)
            guard let name = try checkCarried(entry, agencies), entries.times[name] == nil else { continue }
            entries.times[name] = ledger.times(of: entry)
            if name == statements.answerName, entry.leaf.seq < ledger.stampedSize { report.stamped = ledger.stampedAt }
        }
        let expected = statements.answerKind(agencies.side)
        guard entries.kinds.contains(expected) else {
            throw ProofFault(ProofName.entries, "none of them is of the kind \(expected.rawValue)")
        }
        for name in [ProofName.waybill, statements.answerName] where entries.times[name] == nil {
            report.add(.note, name, "no entry shown here still carries it.")
        }
        report.add(
            .holds, ProofName.entries,
            "each stands in that ledger, and the statements in them are those of this proof, byte for byte.")
        return entries
    }

    /// A prover who leaves out a statement is found out by the entry that holds it.
    private mutating func checkLater(_ entry: ProofEntry, _ entries: inout ProofEntries) throws(ProofFault) {
        guard let name = entry.laterName else { return }
        let kind = entry.leaf.kind.rawValue
        if isFirstForm {
            guard entry.detail == nil else { return }
            return report.since.append(.init(word: "\(kind) (not shown)", text: nil, isClaimed: false))
        }
        guard files[name] != nil else {
            throw ProofFault(
                ProofName.entry(entry.leaf.seq, .leaf),
                "\(kind) at \(entry.leaf.at), and the statement that it holds is left out")
        }
        entries.later.append(entry.leaf)
    }

    /// The statement that an entry carries must be the one that the proof shows. Returns the name of waybill or answer.
    private mutating func checkCarried(
        _ entry: ProofEntry, _ agencies: ProofAgencies
    ) throws(ProofFault) -> String? {
        guard let detail = entry.detail else {
            report.notShown += 1
            let (leaf, why) = (entry.leaf, whyNotShown(entry.leaf, agencies))
            report.add(
                .note, ProofName.entry(leaf.seq, .leaf), "\(leaf.kind.rawValue) at \(leaf.at), not shown: \(why).")
            return nil
        }
        let later = isFirstForm ? nil : entry.laterName
        guard let name = entry.statementName ?? later, !detail.statement.isEmpty else { return nil }
        guard detail.statement == files[name] else {
            throw ProofFault(ProofName.entry(entry.leaf.seq, .detail), "holds another statement than \(name)")
        }
        return entry.statementName
    }

    private func whyNotShown(_ leaf: Leaf, _ agencies: ProofAgencies) -> String {
        let (prover, partner) = (agencies.ours.id, agencies.theirs.id)
        switch leaf.kind {
        case .released, .held, .blocked, .rejected: return "a decision of \(prover)'s own"
        case .duty: return "what \(prover) owed because of it, to people or to \(partner)"
        case .incident: return "an incident in \(prover)'s own records"
        case .erased: return "what \(prover) erased"
        case .said, .heard, .recalled:
            if isFirstForm { return "proofs of version 1 leave out what was said afterwards" }
            return "who decided it; that it holds \(ProofName.later(leaf.seq)) is claimed by the prover"
        default: return "its detail has been erased"
        }
    }

    // MARK: What happened since

    mutating func checkSince(
        _ entries: ProofEntries, _ ledger: ProofLedger, _ agencies: ProofAgencies, _ statements: ProofStatements
    ) throws(ProofFault) {
        let numbers = Set(entries.later.map(\.seq))
        for name in files.names {
            guard let seq = ProofName.laterNumber(name), !numbers.contains(seq) else { continue }
            throw ProofFault(name, "belongs to no entry shown here")
        }
        var shown: Set<[UInt8]> = []
        let digest = SHA256.digest(statements.signed[0].bytes)
        for leaf in entries.later {
            let file = ProofName.later(leaf.seq)
            guard shown.insert(files[file] ?? []).inserted else { throw ProofFault(file, "is shown twice") }
            tell(try ProofLater(of: leaf, in: files, agencies, statements.waybill, digest), ledger)
        }
    }

    private mutating func tell(_ later: ProofLater, _ ledger: ProofLedger) {
        report.add(.holds, later.signed.file, "\(later.word): \(later.text)")
        let objection = later.objection(seen: ledger.seen(later.seq))
        if let objection {
            report.add(
                .note, later.signed.file,
                "the key that signed it was retired at \(objection), and nobody else saw it before: it is claimed by the "
                    + "prover.")
        }
        report.since.append(.init(word: later.word, text: later.text, isClaimed: objection != nil))
    }

    // MARK: Times

    mutating func checkTimes(
        _ statements: ProofStatements, _ agencies: ProofAgencies, _ times: [String: [ProofReport.Proven]]
    ) throws(ProofFault) {
        for signed in statements.signed {
            let author = signed.file == ProofName.waybill ? agencies.sender : agencies.recipient
            let moment = ProofMoment(signed, by: author, agencies.theirs.id, times[signed.file] ?? [])
            for note in try moment.notes() { report.add(.note, signed.file, note) }
        }
        let answered = times[statements.answerName] ?? []
        report.time = answered.first
        report.countersigned = answered.first { $0.by == .counterparty }?.at
    }

    mutating func tellWhatItRestsOn(_ agencies: ProofAgencies, _ statements: ProofStatements) {
        let (sent, answered) = (statements.signed[0].signingTime.seconds, statements.signed[1].signingTime.seconds)
        if answered < sent {
            report.add(
                .note, "times",
                "\(statements.answerName) is dated \(sent - answered) s before \(ProofName.waybill): the clocks of "
                    + "\(agencies.sender.id) and \(agencies.recipient.id) differ.")
        }
        let partner = agencies.theirs.id
        if report.countersigned == nil {
            report.add(
                .note, ProofName.checkpoint,
                "no countersignature by \(partner) covers both statements: that ledger is the word of "
                    + "\(agencies.ours.id) only.")
        }
        report.add(.note, "times", times(partner))
        report.add(
            .note, "\(ProofName.readme), \(ProofName.record)",
            "are claimed by the prover: what holds stands in these lines.")
    }

    private func times(_ partner: AgencyID) -> String {
        guard let time = report.time else { return "all are claimed by their signers." }
        let both = "both statements were seen \(ProofMoment.within(time.at)), or before, by"
        return time.by == .authority
            ? "\(both) a time authority." : "\(both) \(partner); other times are claimed."
    }
}
