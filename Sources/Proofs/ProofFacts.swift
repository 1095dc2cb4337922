internal import Ledger
internal import Vocabulary

/// What a proof says, in rows and sentences that its README, its record and the index of a set share.
struct ProofFacts {
    enum Answer {
        case receipt(Receipt), refusal(Refusal)
    }

    let sender: ProofReport.Agency
    let recipient: ProofReport.Agency
    let prover: ProofReport.Agency
    let counterparty: ProofReport.Agency
    let waybill: Waybill
    let answer: Answer
    let countersigned: Instant?
    let stamped: Instant?
    let since: [ProofReport.Since]
    let provedAt: Instant

    /// Nil if the report ended before it had all of that.
    init?(_ report: ProofReport, provedAt: Instant) {
        guard let sender = report.sender, let recipient = report.recipient, let prover = report.prover,
            let counterparty = report.counterparty, let waybill = report.waybill,
            let answer = report.receipt.map(Answer.receipt) ?? report.refusal.map(Answer.refusal)
        else { return nil }
        (self.sender, self.recipient, self.prover, self.counterparty) = (sender, recipient, prover, counterparty)
        (self.waybill, self.answer) = (waybill, answer)
        (countersigned, stamped, since) = (report.countersigned, report.stamped, report.since)
        self.provedAt = provedAt
    }

    /// What it proves, as the end of "This proves that SENDER sent ... to RECIPIENT, and that".
    var deed: String {
        switch answer {
        case .receipt: "\(recipient.name) signed a receipt for exactly that file"
        case .refusal: "\(recipient.name) signed a refusal to take it"
        }
    }

    var answerWord: String {
        switch answer {
        case .receipt: "receipt"
        case .refusal: "refusal"
        }
    }

    var answerFile: String { answerWord + ".p7s" }

    var parties: [(String, String)] {
        [
            ("Sender", "\(sender.name) (\(sender.id))"), ("", "identity \(sender.identity)"),
            ("Recipient", "\(recipient.name) (\(recipient.id))"), ("", "identity \(recipient.identity)"),
        ]
    }

    var file: [(String, String)] {
        [
            ("Consignment", waybill.id.text), ("File", waybill.file.name), ("Size", "\(waybill.file.size) bytes"),
            ("SHA-256", waybill.file.sha256.hex),
        ] + (waybill.file.modified.map { [("Modified", Self.both($0) + ", by the sender's file system")] } ?? [])
    }

    /// When what happened, and by whose word.
    var times: [(String, String)] {
        [("Sent", Self.both(waybill.signedAt) + ", by the sender's clock")] + answered + vouched
    }

    private var answered: [(String, String)] {
        switch answer {
        case .receipt(let receipt):
            [
                ("Received", Self.both(receipt.receivedAt) + ", by the recipient's clock"),
                ("Receipt", Self.both(receipt.signedAt)),
            ]
        case .refusal(let refusal):
            [
                ("Refused", Self.both(refusal.signedAt) + ", by the recipient's clock"),
                ("Reason", "\(refusal.reason.rawValue): \(Self.oneLine(refusal.explanation))"),
            ]
        }
    }

    private var vouched: [(String, String)] {
        let seen =
            countersigned.map { "\(Self.within($0)), by \(counterparty.id)" }
            ?? "by nobody: \(prover.id)'s word only"
        let stamp =
            stamped.map {
                "\(Self.within($0)), by an authority that counts only if you have its certificate from itself"
            }
            ?? "by no time authority"
        return [("Countersigned", seen), ("Stamped", stamp)] + clocks
    }

    /// Times of two clocks may stand the wrong way round: that is said where they stand.
    private var clocks: [(String, String)] {
        let sent = waybill.signedAt.seconds
        let answered = answeredAt.seconds
        let seen = (countersigned ?? stamped)?.seconds ?? .max
        guard answered < sent || seen < max(sent, answered) else { return [] }
        let most = max(answered < sent ? sent - answered : 0, seen == .max ? 0 : max(sent, answered) - seen)
        return [("Clocks", "differ by \(most) s at least: each time is that of its own clock")]
    }

    private var answeredAt: Instant {
        switch answer {
        case .receipt(let receipt): receipt.signedAt
        case .refusal(let refusal): refusal.signedAt
        }
    }

    /// One sentence each, in the order of the ledger.
    var happened: [String] {
        let said = since.map { one in
            "\(one.word)\(one.isClaimed ? " (claimed)" : ""): \(one.text ?? "not shown")"
        }
        let start = said.isEmpty ? ["Nothing that \(prover.name) shows."] : said
        return start + ["That this is all is claimed by \(prover.name)."]
    }

    /// One sentence each.
    var limits: [String] {
        [
            "That anybody has read the file, or that what it says is true.",
            "That the sharing was lawful. The label in the waybill is what the sender stated.", timeLimit, ledgerLimit,
        ]
    }

    private var timeLimit: String {
        let start = "When it happened, more closely than this: "
        let end = ", or before. Their own dates are those of their signers' clocks."
        switch (stamped, countersigned) {
        case (_, let at?):
            return start + "\(counterparty.name) saw both statements \(ProofMoment.within(at))" + end
        case (let at?, nil):
            return start + "a time authority, if it is one, saw both statements \(ProofMoment.within(at))" + end
        case (nil, nil): return "When it happened, beyond doubt: each time is that of its signer's own clock."
        }
    }

    private var ledgerLimit: String {
        let start = "That nothing is missing from the ledger of \(prover.name). "
        let end = " The waybill and the \(answerWord) do not depend on it: each agency signed its own."
        guard countersigned != nil else {
            return start + "Its entries here are the prover's word only, for nobody else has countersigned them." + end
        }
        return start
            + "\(counterparty.name) has countersigned the entries of these two statements; whether there are later ones "
            + "is the prover's word only." + end
    }

    static func within(_ instant: Instant) -> String {
        "\(ProofMoment.within(instant)) UTC (London: \(LondonTime.text(instant)))"
    }

    static func both(_ instant: Instant) -> String { "\(instant) UTC (London: \(LondonTime.text(instant)))" }

    static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
    }
}
