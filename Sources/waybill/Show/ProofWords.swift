internal import Exchange
internal import Vocabulary

/// What a verification found, for a person.
struct ProofWords {
    private let report: ProofReport

    init(_ report: ProofReport) { self.report = report }

    func show() {
        for line in report.lines { show(line) }
        for (role, agency) in [("sender", report.sender), ("recipient", report.recipient)] {
            guard let agency else { continue }
            let pinned = agency.isPinned ? Terminal.paint("PINNED", .green) : Terminal.paint("NOT PINNED", .yellow)
            Terminal.say(
                "\(role.padded(to: 9))  \(agency.identity.hex)  \(pinned)  \(Terminal.clean(agency.name)) (\(agency.id))"
            )
        }
        if let failure = report.failure {
            Terminal.say(
                Terminal.paint("NOT VERIFIED", .red)
                    + ": \(Terminal.clean(failure.what)): \(Terminal.clean(failure.text))")
        } else {
            verified()
        }
    }

    private func verified() {
        let condition = report.isPinned ? "" : ", if these fingerprints are theirs"
        Terminal.say(Terminal.paint("VERIFIED", .green) + condition)
        guard let waybill = report.waybill else { return }
        Facts([
            ("file", waybill.file.name), ("SHA-256", waybill.file.sha256.hex), ("size", "\(waybill.file.size) bytes"),
            ("modified", waybill.file.modified.map { LondonTime.text($0) }),
            ("sent", LondonTime.text(waybill.signedAt)),
            ("received", report.receipt.map { LondonTime.text($0.receivedAt) }),
            ("refused", report.refusal.map { "\(LondonTime.text($0.signedAt)): \($0.explanation)" }),
            ("countersigned", report.countersigned.map { LondonTime.text($0) }),
            ("stamped", report.stamped.map { LondonTime.text($0) }),
        ]).show()
    }

    /// One proof of a set.
    static func line(_ report: ProofReport) -> String {
        let agencies = "\(report.sender?.id.text ?? "?") to \(report.recipient?.id.text ?? "?")"
        let seen = report.countersigned.map { "countersigned \($0)" } ?? "prover's word only"
        return "VERIFIED  \(agencies)  \(report.receipt == nil ? "refused" : "received")  \(seen)"
    }

    static func showSet(_ report: ProofReport, count: Int, pinned: Int) {
        if let failure = report.failure {
            let what = "\(Terminal.clean(failure.what)): \(Terminal.clean(failure.text))"
            Terminal.say(Terminal.paint("NOT VERIFIED", .red) + ": " + what)
        } else {
            let condition = pinned == count ? "" : ", if the fingerprints in \(count - pinned) of them are theirs"
            Terminal.say(Terminal.paint("VERIFIED", .green) + ": \(Words.count(count, "proof", "proofs"))\(condition)")
        }
    }

    private func show(_ line: ProofReport.Line) {
        let text = "\(Terminal.clean(line.what)): \(Terminal.clean(line.text))"
        switch line.verdict {
        case .holds: Terminal.say(Terminal.paint("ok    ", .green) + text)
        case .note: Terminal.say(Terminal.paint("note  ", .yellow) + text)
        case .fails: Terminal.say(Terminal.paint("FAILS ", .red) + text)
        }
    }
}
