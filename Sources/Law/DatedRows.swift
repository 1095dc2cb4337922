internal import Policy
internal import Vocabulary
internal import Yams

/// What an organisation has for a time: its names, and its members.
enum DatedRows {
    /// `names: [{ name, from, to, verified }]`
    static func names(_ row: Section) -> [Organisation.DatedName] {
        row.sections("names").compactMap { section in
            let name = section.required("name", section.text("name"))
            let (from, to) = section.days("from", "to")
            let verified = section.flag("verified")
            section.end()
            return name.map { Organisation.DatedName($0, from: from, to: to, verified: verified ?? true) }
        }
    }

    /// `members: [gp-practices, { id: nenc-icb, from: 2022-07-01 }]`
    static func members(_ row: Section) -> [Organisation.Membership] {
        (row.list("members") ?? []).compactMap { node in
            if let mapping = node.mapping { return member(Section(mapping, name: "members", log: row.log)) }
            if let id = node.scalar.flatMap({ try? AgencyID($0.string) }) { return Organisation.Membership(id) }
            row.log.error(
                "\"\(row.path("members"))\" must hold agency ids",
                hint: "such as nenc-icb, or { id: ..., from: ..., to: ... }", at: node.position)
            return nil
        }
    }

    private static func member(_ section: Section) -> Organisation.Membership? {
        let id = section.required("id", section.agency("id"))
        let (from, to) = section.days("from", "to")
        section.end()
        return id.map { Organisation.Membership($0, from: from, to: to) }
    }
}
