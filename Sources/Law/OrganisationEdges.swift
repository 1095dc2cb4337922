internal import Policy
internal import Vocabulary

/// Whether what organisations say of each other agrees.
struct OrganisationEdges {
    let rows: [(organisation: Organisation, row: Section)]

    func check() {
        for (organisation, row) in rows {
            known(organisation, row)
            bothWays(organisation, row)
            if organisation.kind == "arrangement", organisation.hostedBy.isEmpty {
                row.log.error(
                    "\"\(organisation.id)\" is an arrangement without \"hosted-by\"",
                    hint: "name the controllers behind it: an arrangement is not a legal person", at: row.mark)
            }
        }
    }

    private func known(_ organisation: Organisation, _ row: Section) {
        let named =
            organisation.members.map { ("members", $0.id) } + organisation.hostedBy.map { ("hosted-by", $0) }
            + organisation.predecessors.map { ("predecessors", $0) }
            + [organisation.successor].compactMap(\.self).map { ("successor", $0) }
        for (key, id) in named where find(id) == nil {
            let near = Nearest.word(to: id.text, among: rows.map(\.organisation.id.text))
            row.log.error(
                "\"\(organisation.id)\" names \"\(id)\", which is not among the organisations",
                hint: near.map { "did you mean \"\($0)\"?" } ?? "add it", at: row.mark(of: key))
        }
    }

    /// The successor of one has it among its predecessors, and the other way round.
    private func bothWays(_ organisation: Organisation, _ row: Section) {
        if let id = organisation.successor, let next = find(id), !next.predecessors.contains(organisation.id) {
            row.log.error(
                "\"\(id)\" succeeds \"\(organisation.id)\" and does not name it among its \"predecessors\"",
                hint: "write predecessors: [\(organisation.id)] at \(id)", at: row.mark(of: "successor"))
        }
        for id in organisation.predecessors {
            guard let before = find(id), before.successor != organisation.id else { continue }
            row.log.error(
                "\"\(organisation.id)\" takes over from \"\(id)\", which does not name it as \"successor\"",
                hint: "write successor: \(organisation.id) at \(id)", at: row.mark(of: "predecessors"))
        }
    }

    private func find(_ id: AgencyID) -> Organisation? { rows.first { $0.organisation.id == id }?.organisation }
}
