internal import Policy
internal import Vocabulary

/// The law's half of the rules.
enum RuleRows {
    static func read(_ top: Section) -> [RuleEntry] {
        var rules: [RuleEntry] = []
        for row in top.sections("rules") {
            guard let rule = rule(row) else { continue }
            if rules.contains(where: { $0.id == rule.id && $0.validity.overlaps(rule.validity) }) {
                row.log.error(
                    "rule \"\(rule.id)\" stands twice for the same days",
                    hint: "give the rows valid-from and valid-to that do not overlap", at: row.mark)
            }
            rules.append(rule)
        }
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
        let (from, to) = row.validity()
        row.end()
        if let id, !RuleBook.ids.contains(id) {
            row.log.warning(
                "rule \"\(id)\" is not one that this version can decide", hint: "it has no effect", at: row.mark)
        }
        guard let id, let citation, let outcome, let says else { return nil }
        return RuleEntry(
            id: id, citation: citation, outcome: outcome, says: says, validity: Validity(from: from, to: to))
    }
}
