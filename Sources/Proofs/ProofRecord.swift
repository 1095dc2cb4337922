internal import Policy
internal import Vocabulary

/// `record.html` of a proof: one page for a case file.
///
/// All but the section between the two marks can be made anew by whoever has the statements, and is compared.
struct ProofRecord {
    private static let marks = ("<!-- in the prover's words -->\n", "<!-- end of the prover's words -->\n")
    private static let rows = ["Purpose", "Lawful basis", "What kind"]

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
            <h2>What happened since</h2>
            <ul>
            \(HTML.items(facts.happened))</ul>
            <h2>The label in the words of the catalogue of \(HTML.escaped(facts.prover.name))</h2>
            <table>
            \(Self.marks.0)\(HTML.rows(words))\(Self.marks.1)</table>
            <h2>What this shows</h2>
            <ul>
            \(HTML.items(claims))</ul>
            <h2>What it does not prove</h2>
            <ul>
            \(HTML.items(facts.limits))</ul>
            <h2>How to check it</h2>
            <p>This page proves nothing by itself: it is claimed by \(HTML.escaped(facts.prover.name)). Ask both agencies by \
            telephone for the fingerprints of their identities, and compare them with those above. Then, with the folder of \
            the proof and verify.sh from Waybill's published documentation, on any computer with openssl:</p>
            <pre>\(HTML.escaped(command))</pre>

            """)
    }

    /// The page without the section that is the prover's own; nil if that holds anything but rows of plain text.
    static func withoutWords(_ page: String) -> String? {
        let parts = page.split(separator: marks.0, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let rest = parts[1].split(separator: marks.1, omittingEmptySubsequences: false)
        guard rest.count == 2 else { return nil }
        var lines = rest[0].split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true, lines.count == rows.count else { return nil }
        for (line, name) in zip(lines, rows) {
            let (start, end) = ("<tr><th>\(name)</th><td>", "</td></tr>")
            guard line.hasPrefix(start), line.hasSuffix(end) else { return nil }
            guard !line.dropFirst(start.count).dropLast(end.count).contains(where: { "<>".contains($0) }) else {
                return nil
            }
        }
        return String(parts[0]) + String(rest[1])
    }

    private var command: String {
        "sh verify.sh FOLDER --file FILE \(facts.sender.identity) \(facts.recipient.identity)"
    }

    private var claims: [String] {
        let seen = facts.countersigned.map { at in
            "\(facts.counterparty.name) saw the ledger entries of both statements \(ProofMoment.within(at)), or before."
        }
        let stamp = facts.stamped.map { at in
            "Both statements existed \(ProofMoment.within(at)), if you know the time authority."
        }
        return [
            "\(facts.sender.name) signed the label and the digest of this file, and whom it is for.",
            "\(facts.deed.prefix(1).uppercased())\(facts.deed.dropFirst()).",
            seen ?? "All of this is claimed by \(facts.prover.name): nobody else has seen it, as far as it shows.",
            stamp,
        ].compactMap { $0 }
    }

    private var label: [(String, String)] {
        let label = facts.waybill.label
        return [
            ("Purpose", label.purpose), ("Because", HTML.short(label.necessity, 200)),
            ("Agreement", "\(label.agreement.id), version \(label.agreement.version)"),
        ]
    }

    private var words: [(String, String)] {
        let label = facts.waybill.label
        let basis = label.basis
        let day = facts.waybill.signedAt.londonDate
        let law = { (ids: [String], kinds: [CatalogueEntry.Kind]) in ids.map { self.law.words($0, kinds, on: day) } }
        let grounds =
            law(basis.article6, [.article6]) + law(basis.gateways, [.gateway, .annex1])
            + law(basis.article9, [.article9]) + law(basis.schedule1 + basis.schedule8, [.schedule1, .schedule8])
        let kinds = law(label.categories, [.personalCategory, .specialCategory, .criminal, .otherCategory])
        let texts = [
            law([label.purpose], [.purpose]).joined(), HTML.short(grounds.joined(separator: "; "), 500),
            HTML.short(kinds.joined(separator: "; "), 400),
        ]
        return Array(zip(Self.rows, texts))
    }
}
