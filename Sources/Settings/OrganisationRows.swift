internal import Policy
internal import Vocabulary

/// The partners of the protocol and what became of them.
enum OrganisationRows {
    static func read(_ top: Section) -> [Organisation] {
        var organisations: [Organisation] = []
        for row in top.sections("organisations") {
            guard let organisation = organisation(row) else { continue }
            if organisations.contains(where: { $0.id == organisation.id }) {
                row.log.error("\"\(organisation.id)\" stands twice in organisations", hint: "keep one", at: row.mark)
            }
            organisations.append(organisation)
        }
        references(organisations, top)
        return organisations
    }

    /// Reads the whole row even where `id`, `name` or `kind` is wrong, so that every mistake is found.
    private static func organisation(_ row: Section) -> Organisation? {
        let id = row.required("id", row.agency("id"))
        let name = row.required("name", row.text("name"))
        let kind = row.required("kind", row.id("kind"))
        let label = row.text("label")
        let rest = details(row)
        row.end()
        guard let id, let name, let kind else { return nil }
        var organisation = Organisation(id: id, label: label, name: name, kind: kind)
        rest(&organisation)
        return organisation
    }

    private static func details(_ row: Section) -> (inout Organisation) -> Void {
        let (status, line, limb) = (row.id("status"), row.integer("protocol-line", 1...21), row.id("section-11-limb"))
        let (from, to, successor) = (row.date("valid-from"), row.date("valid-to"), row.agency("successor"))
        let part3: Organisation.Part3? = row.choice("part-3")
        let (citation, note) = (row.text("part-3-citation"), row.text("note"))
        let (hosts, members) = (row.agencies("hosted-by"), row.agencies("members"))
        let (open, codes) = (row.flag("open-group"), codes(row))
        return { organisation in
            Assign.set(status, &organisation.status)
            (organisation.validFrom, organisation.validTo, organisation.successor) = (from, to, successor)
            (organisation.part3, organisation.part3Citation) = (part3 ?? .no, citation)
            (organisation.section11, organisation.note, organisation.protocolLine) = (limb, note, line)
            (organisation.hostedBy, organisation.members) = (hosts ?? [], members ?? [])
            (organisation.openGroup, organisation.codes) = (open ?? false, codes)
        }
    }

    private static func codes(_ row: Section) -> [String: String] {
        guard let section = row.section("codes") else { return [:] }
        var codes: [String: String] = [:]
        for key in ["gss", "dfe-la", "force", "ods"] { codes[key] = section.id(key) }
        section.end()
        return codes
    }

    private static func references(_ organisations: [Organisation], _ top: Section) {
        let ids = Set(organisations.map(\.id))
        for organisation in organisations {
            let named = organisation.members + organisation.hostedBy + [organisation.successor].compactMap(\.self)
            for id in named where !ids.contains(id) {
                top.log.error(
                    "\"\(organisation.id)\" names \"\(id)\", which is not among the organisations",
                    hint: Nearest.word(to: id.text, among: ids.map(\.text)).map { "did you mean \"\($0)\"?" }
                        ?? "add it",
                    at: top.mark(of: "organisations"))
            }
        }
    }
}
