internal import Policy
internal import Vocabulary
internal import Yams

enum PartyRow {
    static func read(_ node: Node, _ top: Section) -> Agreement.Party? {
        guard let mapping = node.mapping else {
            if let id = node.scalar.flatMap({ try? AgencyID($0.string) }) { return Agreement.Party(id: id) }
            top.log.error(
                "\"parties\" must hold agency ids",
                hint: "such as cleveland-police, or { id: ..., signed: ..., left: ... }",
                at: node.position)
            return nil
        }
        let row = Section(mapping, name: "parties", log: top.log)
        let id = row.required("id", row.agency("id"))
        let (signed, left) = row.days("signed", "left")
        row.end()
        return id.map { Agreement.Party(id: $0, signed: signed, left: left) }
    }
}

/// The catalogue, as a reader asks it.
struct Words {
    let catalogue: Catalogue
    let log: ProblemLog

    static let categories: [CatalogueEntry.Kind] = [.personalCategory, .specialCategory, .criminal, .otherCategory]

    /// Reports every id that none of these lists holds on any day; which day it is, is policy's question.
    func check(_ ids: [String], _ kinds: [CatalogueEntry.Kind], _ key: String, _ section: Section) {
        for id in ids where !kinds.contains(where: { catalogue.knows(id, $0) }) {
            let near = Nearest.word(to: id, among: kinds.flatMap(catalogue.ids))
            log.error(
                "\"\(section.path(key))\" holds \"\(id)\", which is not in the catalogue (\(kinds[0].rawValue))",
                hint: near.map { "did you mean \"\($0)\"?" } ?? "see waybill catalogue list", at: section.mark(of: key))
        }
    }

    func check(_ id: String?, _ kind: CatalogueEntry.Kind, _ key: String, _ section: Section) {
        if let id { check([id], [kind], key, section) }
    }

    /// Protocol 3.2: the list of partners is not definitive.
    func check(_ party: Agreement.Party, at position: Position?) {
        if let organisation = catalogue.organisation(party.id) { return ended(organisation, party, position) }
        let near = Nearest.word(to: party.id.text, among: catalogue.organisations.map(\.id.text))
        log.warning(
            "party \"\(party.id)\" is not an organisation of the catalogue",
            hint: near.map { "did you mean \"\($0)\"?" } ?? "fine, if it is a partner of your own", at: position)
    }

    /// An organisation that is no more is party to nothing, and the file should say so.
    private func ended(_ organisation: Organisation, _ party: Agreement.Party, _ position: Position?) {
        guard let last = organisation.validTo, party.left.map({ last < $0 }) ?? true else { return }
        log.warning(
            "party \"\(party.id)\" ended on \(last)", hint: "write { id: \(party.id), left: \(last) }", at: position)
    }
}
