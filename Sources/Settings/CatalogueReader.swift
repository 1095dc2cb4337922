package import Policy
package import Vocabulary

/// `catalogue-DATE.yaml` -> `Catalogue`.
package enum CatalogueReader {
    /// - Parameters:
    ///   - bytes: The file.
    ///   - file: Its name, for messages.
    ///   - sha256: Of `bytes`; this room has no cryptography.
    package static func read(_ bytes: [UInt8], file: String, sha256: Digest) -> Reading<Catalogue> {
        let log = ProblemLog(file: file)
        guard let top = Document.open(bytes, log: log) else { return log.reading(nil) }
        _ = top.required("catalogue", top.id("catalogue"))
        let version = top.required("version", top.id("version"))
        _ = top.digest("protocol-sha256")
        let organisations = OrganisationRows.read(top)
        let entries = CatalogueEntry.Kind.allCases.flatMap { EntryRows.read(top, kind: $0) }
        let rules = RuleRows.read(top)
        top.end()
        return log.reading(
            Catalogue(
                version: version ?? "", sha256: sha256, entries: entries, organisations: organisations, rules: rules))
    }
}

/// The lists of words.
enum EntryRows {
    static func read(_ top: Section, kind: CatalogueEntry.Kind) -> [CatalogueEntry] {
        var entries: [CatalogueEntry] = []
        for row in top.sections(kind.rawValue) {
            guard let entry = entry(row, kind) else { continue }
            if let other = entries.first(where: { $0.id == entry.id && overlap($0, entry) }) {
                row.log.error(
                    "\"\(other.id)\" stands twice in \(kind.rawValue) for the same days",
                    hint: "give the entries valid-from and valid-to that do not overlap", at: row.mark)
            }
            entries.append(entry)
        }
        parents(entries, top)
        return entries
    }

    private static func entry(_ row: Section, _ kind: CatalogueEntry.Kind) -> CatalogueEntry? {
        let id = row.required("id", row.id("id"))
        let citation = row.required("citation", row.text("citation"))
        let label = row.text("label")
        let status: CatalogueEntry.Status? = row.choice("status")
        let (from, to) = (row.date("valid-from"), row.date("valid-to"))
        if let from, let to, to < from {
            row.log.error("\"valid-to\" lies before \"valid-from\"", hint: "swap them", at: row.mark(of: "valid-to"))
        }
        let facts = facts(row, kind)
        row.end()
        guard let id, let citation else { return nil }
        return CatalogueEntry(
            id: id, kind: kind, label: label ?? citation, citation: citation, status: status ?? .inForce,
            validFrom: from, validTo: to, facts: facts)
    }

    private static func facts(_ row: Section, _ kind: CatalogueEntry.Kind) -> CatalogueEntry.Facts {
        var facts = CatalogueEntry.Facts()
        facts.iris = row.texts("iri") ?? []
        facts.match = row.text("match")
        facts.note = row.text("note")
        Assign.set(row.flag("in-protocol"), &facts.inProtocol)
        Assign.set(row.flag("verified"), &facts.verified)
        switch kind {
        case .purpose: facts.parent = row.id("parent")
        case .article6:
            facts.requires = row.ids("requires") ?? []
            Assign.set(row.flag("open-to-public-authority"), &facts.openToPublicAuthority)
        case .article9: facts.part = row.integer("schedule-1-part", 1...2)
        case .schedule1:
            facts.part = row.required("part", row.integer("part", 1...3))
            facts.policyDocument = row.required("policy-document", row.choice("policy-document"))
            facts.forSpecialCategory = facts.part != 3
            facts.forCriminal = true
        case .schedule8: facts.policyDocument = row.required("policy-document", row.choice("policy-document"))
        case .article14Ground: Assign.set(row.flag("temporary"), &facts.temporary)
        default: break
        }
        return facts
    }

    private static func parents(_ entries: [CatalogueEntry], _ top: Section) {
        let ids = Set(entries.map(\.id))
        for entry in entries {
            guard let parent = entry.facts.parent, !ids.contains(parent) else { continue }
            top.log.error(
                "\"\(entry.id)\" is part of \"\(parent)\", which is not in the list",
                hint: Nearest.word(to: parent, among: Array(ids)).map { "did you mean \"\($0)\"?" } ?? "add it",
                at: top.mark(of: entry.kind.rawValue))
        }
    }

    private static func overlap(_ a: CatalogueEntry, _ b: CatalogueEntry) -> Bool {
        let aEndsFirst = a.validTo.flatMap { end in b.validFrom.map { end < $0 } } ?? false
        let bEndsFirst = b.validTo.flatMap { end in a.validFrom.map { end < $0 } } ?? false
        return !aEndsFirst && !bEndsFirst
    }
}

/// The law's half of the rules.
enum RuleRows {
    static func read(_ top: Section) -> [RuleEntry] {
        let rules = top.sections("rules").compactMap(rule)
        for id in RuleBook.ids where !rules.contains(where: { $0.id == id }) {
            top.log.error(
                "rule \"\(id)\" is missing from \"rules\"", hint: "copy it from the shipped catalogue",
                at: top.mark(of: "rules"))
        }
        return rules
    }

    private static func rule(_ row: Section) -> RuleEntry? {
        let id = row.required("id", row.id("id"))
        let citation = row.required("citation", row.text("citation"))
        let outcome: RuleEntry.Outcome? = row.required("outcome", row.choice("outcome"))
        let says = row.required("says", row.text("says"))
        let (from, to) = (row.date("valid-from"), row.date("valid-to"))
        row.end()
        if let id, !RuleBook.ids.contains(id) {
            row.log.warning(
                "rule \"\(id)\" is not one that this version can decide", hint: "it has no effect", at: row.mark)
        }
        guard let id, let citation, let outcome, let says else { return nil }
        return RuleEntry(id: id, citation: citation, outcome: outcome, says: says, validFrom: from, validTo: to)
    }
}
