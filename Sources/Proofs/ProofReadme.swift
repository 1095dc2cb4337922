internal import Vocabulary

/// `README.txt` of a proof, for somebody who has never heard of Waybill.
struct ProofReadme {
    private let facts: ProofFacts

    init(_ facts: ProofFacts) { self.facts = facts }

    var text: String { [heading, rows, since, limits, instructions, contents].joined(separator: "\n") }

    private var heading: String {
        """
        PROOF OF ONE DELIVERY, version 2

        This folder shows that \(facts.sender.name) sent the file below to \(facts.recipient.name),
        and that \(facts.deed).
        \(standing)
        This page and record.html are claimed by \(facts.prover.name): what holds, verify.sh says.
        It was made by \(facts.prover.name) on \(ProofFacts.both(facts.provedAt)).
        record.html says the same on one page, to be printed for a case file.

        """
    }

    private var standing: String {
        facts.countersigned == nil
            ? "Nobody but \(facts.prover.name) has seen it, as far as this folder shows: it is claimed."
            : "\(facts.counterparty.name) had seen both statements."
    }

    private var since: String {
        "WHAT HAPPENED SINCE\n\n" + facts.happened.map { Self.folded($0, "- ", "  ") + "\n" }.joined()
    }

    private var rows: String {
        let label = facts.waybill.label
        let why = [
            ("Purpose", label.purpose), ("Agreement", "\(label.agreement.id), version \(label.agreement.version)"),
        ]
        return (facts.parties + facts.file + why + facts.times).map { Self.pad($0.0) + $0.1 + "\n" }.joined()
    }

    private var limits: String {
        "WHAT THIS DOES NOT PROVE\n\n" + facts.limits.map { Self.folded($0, "- ", "  ") + "\n" }.joined()
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

           It names the first thing that does not hold. Its last line is the verdict: PROVED, or "claimed by
           the prover" where nobody else saw it. Without --file it leaves the file itself out.
           With Waybill installed: waybill verify FOLDER --identity FINGERPRINT --identity FINGERPRINT
        4. Ask \(facts.counterparty.name) for its newest card too, and add --card CARD: it names keys
           that were retired since. What a retired key signed proves nothing unless somebody saw it before.
        5. If there is a timestamp.tsr: get the time authority's certificate from the authority itself, and
           add --authority CERTIFICATE.pem. Without that it counts for nothing.

        Certificates end. That spoils nothing: every signature is checked at the time at which it was made
        or seen, never at the present one. Trust in an agency is trust in the fingerprint of its identity key.

        """
    }

    private var contents: String {
        let rows = [
            ("record.html", "the same on one page"), ("waybill.p7s", "what the sender stated and signed"),
            (facts.answerFile, "the recipient's signed \(facts.answerWord)"),
            ("later/", "what either has signed about it since, by number of the entry that holds it"),
            ("sender.card", "each agency's name and keys on that day,"), ("recipient.card", "signed by its identity"),
            ("cards/", "its later cards: how its keys changed, and which were retired"),
            ("prover.card", "the newest card of \(facts.prover.id), which made this proof"),
            ("checkpoint", "a signed head of its ledger (C2SP tlog-checkpoint), and under it the"),
            ("", "countersignature of \(facts.counterparty.id) (C2SP tlog-cosignature), if there is one"),
            ("checkpoint.later", "a newer head, for entries that the other does not cover"),
            ("checkpoint.stamped", "a head that a time authority stamped: timestamp.tsr (RFC 3161), tsa.pem"),
            ("entries/", "what that ledger says: leaf, salt, detail and place in the tree"),
            ("version", "which form this proof has"), ("SHA256SUMS, .p7s", "the digest of every other file, signed"),
            ("verify.sh", "checks all of it"),
        ]
        let list = rows.map { Self.pad($0.0, 24) + $0.1 + "\n" }.joined()
        return """
            WHAT LIES HERE

            \(list)
            Statements are JSON inside CMS. To read one:
                openssl cms -verify -noverify -inform DER -in waybill.p7s

            """
    }

    static func pad(_ text: String, _ width: Int = 15) -> String {
        text + String(repeating: " ", count: max(1, width - text.utf8.count))
    }

    /// Broken at spaces after about 95 columns.
    static func folded(_ text: String, _ first: String, _ next: String) -> String {
        var (lines, line): ([String], String) = ([], first)
        for word in text.split(separator: " ") {
            if line.count + word.count > 95 {
                lines.append(line)
                line = next
            }
            line += (line == first || line == next ? "" : " ") + word
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
