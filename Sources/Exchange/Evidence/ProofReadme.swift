internal import Vocabulary

/// `README.txt` of a proof, for somebody who has never heard of Waybill.
struct ProofReadme {
    private let agencies: ProofAgencies
    private let statements: ProofStatements
    private let provedAt: Instant

    init(_ files: ProofFiles, provedAt: Instant) throws(ProofFault) {
        agencies = try ProofAgencies(files)
        statements = try ProofStatements(files, agencies)
        self.provedAt = provedAt
    }

    var text: String { [heading, facts, limits, instructions, contents].joined(separator: "\n") }

    private var sender: Card { agencies.sender.card }
    private var recipient: Card { agencies.recipient.card }
    private var prover: Card { agencies.prover.card }

    private var heading: String {
        let deed =
            switch statements.answer {
            case .receipt: "and that \(recipient.name) signed a receipt for exactly that file"
            case .refusal: "and that \(recipient.name) signed a refusal to take it"
            }
        return """
            PROOF OF ONE DELIVERY

            This folder proves that \(sender.name) sent the file below to \(recipient.name),
            \(deed).
            It was made by \(prover.name) on \(both(provedAt)).

            """
    }

    private var facts: String {
        let waybill = statements.waybill
        let rows =
            [
                ("Sender", "\(sender.name) (\(sender.id))"), ("", "identity \(waybill.parties.fromIdentity)"),
                ("Recipient", "\(recipient.name) (\(recipient.id))"), ("", "identity \(waybill.parties.toIdentity)"),
                ("Consignment", waybill.id.text), ("File", waybill.file.name), ("Size", "\(waybill.file.size) bytes"),
                ("SHA-256", waybill.file.sha256.hex), ("Purpose", waybill.label.purpose),
                ("Agreement", "\(waybill.label.agreement.id), version \(waybill.label.agreement.version)"),
                ("Sent", both(waybill.signedAt)),
            ] + answer
        return rows.map { pad($0.0) + $0.1 + "\n" }.joined()
    }

    private var answer: [(String, String)] {
        switch statements.answer {
        case .receipt(let receipt):
            [("Received", both(receipt.receivedAt)), ("Receipt", both(receipt.signedAt))]
        case .refusal(let refusal):
            [
                ("Refused", both(refusal.signedAt)),
                ("Reason", "\(refusal.reason.rawValue): \(oneLine(refusal.explanation))"),
            ]
        }
    }

    private var limits: String {
        """
        WHAT THIS DOES NOT PROVE

        - That anybody has read the file, or that what it says is true.
        - That the sharing was lawful. The label in the waybill is what the sender stated.
        - When it happened, beyond doubt: each time is that of its signer's own clock.
        - That nothing is missing from the ledger of \(prover.name). Its entries here are the
          prover's word only, for nobody else has countersigned its checkpoint. The waybill and
          the \(answerWord) do not depend on it: each agency signed its own.

        """
    }

    private var instructions: String {
        """
        HOW TO CHECK IT

        1. Get verify.sh from Waybill's published documentation, not from this folder: whoever could
           forge a proof could forge the script in it. Read it: it is plain text.
        2. Ask both agencies, by telephone say, for the fingerprints of their identity keys
           (they run: waybill card --fingerprint). Do not take them from this folder.
        3. On any computer with sh, coreutils and openssl 3.0 or later:

               sh verify.sh FOLDER --file FILE FINGERPRINT-OF-SENDER FINGERPRINT-OF-RECIPIENT

           It names the first thing that does not hold. Without --file it leaves the file itself out.
           With Waybill installed: waybill verify FOLDER --identity FINGERPRINT --identity FINGERPRINT

        """
    }

    private var contents: String {
        """
        WHAT LIES HERE

        \(pad("waybill.p7s", 24))what the sender stated and signed
        \(pad(statements.answerName, 24))the recipient's signed \(answerWord)
        \(pad("sender.card", 24))each agency's name and keys on that day,
        \(pad("recipient.card", 24))signed by its identity
        \(pad("prover.card", 24))the newest card of \(prover.id), which made this proof
        \(pad("checkpoint", 24))a signed head of its ledger (C2SP tlog-checkpoint)
        \(pad("entries/", 24))what that ledger says: leaf, salt, detail and place in the tree
        \(pad("SHA256SUMS, .p7s", 24))the digest of every other file, signed
        \(pad("verify.sh", 24))checks all of it

        Statements are JSON inside CMS. To read one:
            openssl cms -verify -noverify -inform DER -in waybill.p7s

        """
    }

    private var answerWord: String {
        switch statements.answer {
        case .receipt: "receipt"
        case .refusal: "refusal"
        }
    }

    private func both(_ instant: Instant) -> String { "\(instant) UTC (London: \(LondonTime.text(instant)))" }

    private func pad(_ text: String, _ width: Int = 14) -> String {
        text + String(repeating: " ", count: max(1, width - text.utf8.count))
    }

    private func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
    }
}
