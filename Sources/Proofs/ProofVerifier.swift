internal import Envelope
internal import Ledger
internal import Vocabulary

/// Checks a proof as `verify.sh` does, and says it in the same words. Needs no installation, no network and no clock.
///
/// What stands in the ledger, what was said afterwards and what the verdict rests on: `ProofVerifier+Ledger.swift`.
package struct ProofVerifier {
    let files: ProofFiles
    let known: ProofKnown
    var report = ProofReport()

    package static func verify(_ files: ProofFiles, _ known: ProofKnown = ProofKnown()) -> ProofReport {
        run(files, known) { verifier throws(ProofFault) in try verifier.checkWhole() }
    }

    /// What can be said of a proof that is not signed yet.
    static func examine(_ files: ProofFiles, _ known: ProofKnown, provedAt: Instant) -> ProofReport {
        run(files, known) { verifier throws(ProofFault) in
            let agencies = try ProofAgencies(verifier.files, known)
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

    /// Proofs of the first form leave out what was said afterwards.
    var isFirstForm: Bool { files[ProofName.version] == nil }

    private mutating func checkWhole() throws(ProofFault) {
        let agencies = try ProofAgencies(files, known)
        let proved = try checkSums(agencies)
        try checkPins(agencies)
        try checkEvidence(agencies, proved: proved)
        try ProofPages(files, known, provedAt: proved).check()
    }

    private mutating func checkEvidence(_ agencies: ProofAgencies, proved: Instant) throws(ProofFault) {
        report.side = agencies.side
        let statements = try checkStatements(agencies)
        let ledger = try checkHeads(agencies, proved)
        let entries = try checkEntries(ledger, agencies, statements)
        try checkSince(entries, ledger, agencies, statements)
        try checkTimes(statements, agencies, entries.times)
        try checkDelivered(statements.waybill)
        tellWhatItRestsOn(agencies, statements)
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
        if let version = files[ProofName.version], version != ProofName.versionText {
            throw ProofFault(ProofName.version, "is not one that this verifier knows: get a newer one")
        }
        let form = isFirstForm ? 1 : 2
        report.add(
            .holds, ProofName.sums,
            "lists every file of this folder, and none has been changed since. Version \(form).")
        tellCards(agencies)
        let side = agencies.ours.side.rawValue
        report.add(
            .holds, name,
            "\(agencies.ours.id), the \(side), signed this proof at \(ProofMoment.second(signed.signingTime)).")
        return signed.signingTime
    }

    private mutating func tellCards(_ agencies: ProofAgencies) {
        for remark in agencies.remarks { report.add(.note, ProofKnown.card, remark) }
        let counts = [agencies.sender, agencies.recipient].map { "\($0.all.count) of \($0.id)" }
        report.add(
            .holds, "cards", "each is signed by the identity inside it: \(counts.joined(separator: ", ")).")
    }

    private mutating func checkPins(_ agencies: ProofAgencies) throws(ProofFault) {
        let both = [agencies.sender, agencies.recipient].map(\.day.identity.fingerprint)
        if !known.areOfMany, let stranger = known.pins.first(where: { !both.contains($0) }) {
            throw ProofFault("--identity", "neither card is by the identity \(stranger.hex)")
        }
        let (sender, recipient) = (agency(agencies.sender.day), agency(agencies.recipient.day))
        (report.sender, report.recipient) = (sender, recipient)
        tell("sender     ", sender)
        tell("recipient  ", recipient)
        if !report.isPinned {
            report.add(
                .note, "cards",
                "NOT PINNED: ask each agency for its fingerprint by another way and compare, or give it as an argument."
            )
        }
        guard !agencies.hasAsked else { return }
        let (partner, serial) = (agencies.theirs.id, agencies.theirs.newest.card.serial)
        report.newestCard = serial
        report.add(
            .note, "cards",
            "that \(partner) has retired no key since its card \(serial) is claimed by the prover: ask \(partner) for its "
                + "newest card and give it by \(ProofKnown.card).")
    }

    private func agency(_ card: ProofCard) -> ProofReport.Agency {
        let identity = card.identity.fingerprint
        return .init(
            id: card.card.id, name: card.card.name, identity: identity, isPinned: known.pins.contains(identity))
    }

    private mutating func tell(_ role: String, _ agency: ProofReport.Agency) {
        report.tell("\(role)\(agency.id), \(JSON.raw(agency.name))")
        report.tell("           identity \(agency.identity.hex), \(agency.isPinned ? "pinned" : "NOT PINNED")")
    }

    private mutating func checkStatements(_ agencies: ProofAgencies) throws(ProofFault) -> ProofStatements {
        let statements = try ProofStatements(files, agencies)
        let waybill = statements.waybill
        report.waybill = waybill
        report.add(.holds, ProofName.waybill, "\(agencies.sender.id) signed this waybill at \(waybill.signedAt).")
        report.tell("consignment \(waybill.id), file \(JSON.raw(waybill.file.name))")
        report.tell("\(waybill.file.size) bytes, SHA-256 \(waybill.file.sha256.hex)")
        if let modified = waybill.file.modified { report.tell("modified \(modified), by the sender's file system") }
        let recipient = agencies.recipient.id
        switch statements.answer {
        case .receipt(let receipt):
            report.receipt = receipt
            report.add(
                .holds, ProofName.receipt, "\(recipient) signed at \(receipt.signedAt) that it holds this file.")
        case .refusal(let refusal):
            report.refusal = refusal
            report.add(
                .holds, ProofName.refusal,
                "\(recipient) signed at \(refusal.signedAt) that it refused this waybill (\(refusal.reason.rawValue)).")
        }
        return statements
    }

    private mutating func checkDelivered(_ waybill: Waybill) throws(ProofFault) {
        guard let delivered = known.delivered else { return }
        guard delivered == waybill.file.sha256 else {
            throw ProofFault("--file", "is not the file that the waybill describes")
        }
        report.add(.holds, "--file", "is the file that the waybill describes.")
    }
}
