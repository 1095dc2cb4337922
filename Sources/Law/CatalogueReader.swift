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
        let holidays = HolidayRows.read(top)
        ChangeRows.check(entries, organisations, top)
        top.end()
        return log.reading(
            Catalogue(
                version: version ?? "", sha256: sha256,
                .init(entries: entries, organisations: organisations, rules: rules, bankHolidays: holidays)))
    }
}

/// The lists of words.
enum EntryRows {
    static func read(_ top: Section, kind: CatalogueEntry.Kind) -> [CatalogueEntry] {
        var (entries, marks) = ([CatalogueEntry](), [Position?]())
        for row in top.sections(kind.rawValue) {
            guard let entry = entry(row, kind) else { continue }
            if let other = entries.first(where: { $0.id == entry.id && $0.validity.overlaps(entry.validity) }) {
                row.log.error(
                    "\"\(other.id)\" stands twice in \(kind.rawValue) for the same days",
                    hint: "give the entries valid-from and valid-to that do not overlap", at: row.mark)
            }
            entries.append(entry)
            marks.append(row.mark)
        }
        parents(entries, marks, top)
        return entries
    }

    private static func entry(_ row: Section, _ kind: CatalogueEntry.Kind) -> CatalogueEntry? {
        let id = row.required("id", row.id("id"))
        let citation = row.required("citation", row.text("citation"))
        let label = row.text("label")
        let status: CatalogueEntry.Status? = row.choice("status")
        let (from, to) = row.validity()
        let facts = facts(row, kind)
        row.end()
        guard let id, let citation else { return nil }
        var entry = CatalogueEntry(
            id: id, kind: kind, label: label ?? citation, citation: citation,
            force: .init(status ?? .inForce, from: from, to: to))
        entry.facts = facts
        return entry
    }

    private static func facts(_ row: Section, _ kind: CatalogueEntry.Kind) -> CatalogueEntry.Facts {
        var facts = CatalogueEntry.Facts()
        facts.iris = row.texts("iri") ?? []
        facts.match = row.text("match")
        facts.note = row.text("note")
        facts.protocolWords = row.texts("protocol-words") ?? []
        facts.requires = row.ids("requires") ?? []
        Assign.set(row.flag("in-protocol"), &facts.inProtocol)
        Assign.set(row.flag("verified"), &facts.verified)
        switch kind {
        case .purpose, .personalCategory:
            facts.parent = row.id("parent")
            Assign.set(row.flag("prefer-pseudonymised"), &facts.preferPseudonymised)
        case .article6: Assign.set(row.flag("open-to-public-authority"), &facts.openToPublicAuthority)
        case .article9: facts.part = row.integer("schedule-1-part", 1...2)
        case .handlingTag:
            facts.outcome = row.required("outcome", row.choice("outcome"))
            facts.fix = row.required("fix", row.text("fix"))
            facts.binds = row.choice("binds")
        case .barException: facts.lifts = row.required("lifts", row.ids("lifts")) ?? []
        case .schedule1:
            facts.part = row.required("part", row.integer("part", 1...3))
            facts.policyDocument = row.required("policy-document", row.choice("policy-document"))
            facts.forSpecialCategory = facts.part != 3
            facts.forCriminal = true
        case .schedule8: facts.policyDocument = row.required("policy-document", row.choice("policy-document"))
        case .article14Ground:
            facts.needs = row.ids("needs") ?? []
            Assign.set(row.flag("temporary"), &facts.temporary)
        case .change: facts.touches = row.ids("touches") ?? []
        default: break
        }
        return facts
    }

    private static func parents(_ entries: [CatalogueEntry], _ marks: [Position?], _ top: Section) {
        let ids = Set(entries.map(\.id))
        for (entry, mark) in zip(entries, marks) {
            guard let parent = entry.facts.parent, !ids.contains(parent) else { continue }
            top.log.error(
                "\"\(entry.id)\" is part of \"\(parent)\", which is not in the list",
                hint: Nearest.word(to: parent, among: Array(ids)).map { "did you mean \"\($0)\"?" } ?? "add it",
                at: mark)
        }
    }
}
