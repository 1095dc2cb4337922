internal import Policy
internal import Vocabulary

/// The partners of the protocol and what became of them.
enum OrganisationRows {
    static func read(_ top: Section) -> [Organisation] {
        var rows: [(organisation: Organisation, row: Section)] = []
        for row in top.sections("organisations") {
            guard let organisation = organisation(row) else { continue }
            if rows.contains(where: { $0.organisation.id == organisation.id }) {
                row.log.error("\"\(organisation.id)\" stands twice in organisations", hint: "keep one", at: row.mark)
            }
            rows.append((organisation, row))
        }
        OrganisationEdges(rows: rows).check()
        return rows.map(\.organisation)
    }

    /// Reads the whole row even where `id`, `name` or `kind` is wrong, so that every mistake is found.
    private static func organisation(_ row: Section) -> Organisation? {
        let id = row.required("id", row.agency("id"))
        let name = row.required("name", row.text("name"))
        let kind = row.required("kind", row.id("kind"))
        let label = row.text("label")
        let fill = [existence(row), law(row), edges(row)]
        row.end()
        guard let id, let name, let kind else { return nil }
        var organisation = Organisation(id: id, label: label, name: name, kind: kind)
        for part in fill { part(&organisation) }
        return organisation
    }

    private typealias Fill = (inout Organisation) -> Void

    private static func existence(_ row: Section) -> Fill {
        let citation = row.required("citation", row.text("citation"), hint: "say where the row comes from")
        let status: Organisation.Status? = row.choice("status")
        let (from, to) = row.validity()
        let (country, line, codes) = (country(row), row.integer("protocol-line", 1...21), codes(row))
        let (verified, note) = (row.flag("verified"), row.text("note"))
        if status == .ended, to == nil, row.node("valid-to") == nil {
            row.missing("valid-to", hint: "say on which day it ended")
        }
        return { organisation in
            Assign.set(citation, &organisation.citation)
            Assign.set(status, &organisation.status)
            Assign.set(country, &organisation.country)
            Assign.set(verified, &organisation.verified)
            (organisation.validFrom, organisation.validTo) = (from, to)
            (organisation.protocolLine, organisation.codes, organisation.note) = (line, codes, note)
        }
    }

    private static func law(_ row: Section) -> Fill {
        let part3: Organisation.Part3? = row.choice("part-3")
        let authority: YesNo? = row.choice("public-authority")
        let (citation, limb) = (row.text("part-3-citation"), row.id("section-11-limb"))
        return { organisation in
            (organisation.part3, organisation.part3Citation) = (part3 ?? .no, citation)
            (organisation.publicAuthority, organisation.section11) = (authority.map { $0 == .yes }, limb)
        }
    }

    private static func edges(_ row: Section) -> Fill {
        let (successor, predecessors) = (row.agency("successor"), row.agencies("predecessors"))
        let (hosts, open) = (row.agencies("hosted-by"), row.flag("open-group"))
        let (names, members) = (DatedRows.names(row), DatedRows.members(row))
        return { organisation in
            (organisation.successor, organisation.predecessors) = (successor, predecessors ?? [])
            (organisation.hostedBy, organisation.openGroup) = (hosts ?? [], open ?? false)
            (organisation.names, organisation.members) = (names, members)
        }
    }

    private static func country(_ row: Section) -> String? {
        row.value("country", "a country", hint: "write two capital letters such as GB") { text in
            text.utf8.count == 2 && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
                ? text : nil
        }
    }

    private static func codes(_ row: Section) -> [String: String] {
        guard let section = row.section("codes") else { return [:] }
        var codes: [String: String] = [:]
        for key in ["gss", "dfe-la", "force", "ods", "ods-location"] { codes[key] = section.id(key) }
        section.end()
        return codes
    }
}

enum YesNo: String, CaseIterable { case yes, no }

extension Section {
    /// `valid-from` and `valid-to`, in order.
    func validity() -> (from: CalendarDate?, to: CalendarDate?) { days("valid-from", "valid-to") }

    /// Two days of which the second may not lie before the first.
    func days(_ first: String, _ last: String) -> (from: CalendarDate?, to: CalendarDate?) {
        let (from, to) = (date(first), date(last))
        if let from, let to, to < from {
            log.error("\"\(path(last))\" lies before \"\(path(first))\"", hint: "swap them", at: mark(of: last))
        }
        return (from, to)
    }
}
