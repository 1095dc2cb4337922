internal import Policy
internal import Vocabulary

/// `record.html` of a proof: one page for a case file.
struct ProofRecord {
    private let facts: ProofFacts
    private let law: ProofLaw

    init(_ facts: ProofFacts, _ law: ProofLaw) { (self.facts, self.law) = (facts, law) }

    var html: String {
        let title = "Record of one delivery"
        return HTML.page(
            title: title,
            """
            <h1>\(title)</h1>
            <p>\(HTML.escaped(facts.sender.name)) sent the file below to \(HTML.escaped(facts.recipient.name)), and \
            \(HTML.escaped(facts.deed)). Made by \(HTML.escaped(facts.prover.name)) on \
            \(ProofFacts.both(facts.provedAt)).</p>
            <table>
            \(HTML.rows(facts.parties + facts.file + label + facts.times))</table>
            <h2>What this proves</h2>
            <ul>
            \(HTML.items(claims))</ul>
            <h2>What it does not prove</h2>
            <ul>
            \(HTML.items(facts.limits))</ul>
            <h2>How to check it</h2>
            <p>This page proves nothing by itself. Ask both agencies by telephone for the fingerprints of their identities, \
            and compare them with those above. Then, with the folder of the proof and verify.sh from Waybill's published \
            documentation, on any computer with openssl:</p>
            <pre>\(HTML.escaped(command))</pre>

            """)
    }

    private var command: String {
        "sh verify.sh FOLDER --file FILE \(facts.sender.identity) \(facts.recipient.identity)"
    }

    private var claims: [String] {
        let seen = facts.countersigned.map { at in
            "\(facts.counterparty.name) had seen the ledger entries of both statements by \(at)."
        }
        return [
            "\(facts.sender.name) signed the label and the digest of this file, and whom it is for.",
            "\(facts.deed.prefix(1).uppercased())\(facts.deed.dropFirst()).",
            seen, facts.stamped.map { "Both statements existed at \($0), says the time authority of tsa.pem." },
        ].compactMap { $0 }
    }

    private var label: [(String, String)] {
        let label = facts.waybill.label
        let basis = label.basis
        let day = facts.waybill.signedAt.londonDate
        let law = { (ids: [String], kinds: [CatalogueEntry.Kind]) in ids.map { self.law.words($0, kinds, on: day) } }
        let grounds =
            law(basis.article6, [.article6]) + law(basis.gateways, [.gateway, .annex1])
            + law(basis.article9, [.article9]) + law(basis.schedule1 + basis.schedule8, [.schedule1, .schedule8])
        let kinds = law(label.categories, [.personalCategory, .specialCategory, .criminal, .otherCategory])
        return [
            ("Purpose", law([label.purpose], [.purpose]).joined()), ("Because", HTML.short(label.necessity, 200)),
            ("Lawful basis", HTML.short(grounds.joined(separator: "; "), 500)),
            ("What kind", HTML.short(kinds.joined(separator: "; "), 400)),
            ("Agreement", "\(label.agreement.id), version \(label.agreement.version)"),
        ]
    }
}
