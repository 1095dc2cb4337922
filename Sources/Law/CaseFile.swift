package import Policy
internal import Vocabulary

/// `Catalogue/cases.yaml`: sharings of real life and what policy must say of each, for people to read and extend.
///
///     cases:
///       - case: "a council sends special category data and names no Article 9 point"
///         on: 2026-11-22
///         from: hartlepool
///         to: cleveland-police
///         route: strategy-meeting
///         label: { basis: { article-9: [] } }
///         expect: hold
///         rules
package enum CaseFile {
    /// Reads everything, so that every mistake is found. A wrong `label:` is no mistake of the file: it is held like
    /// any wrong side-car, and a case may expect that.
    /// - Parameters:
    ///   - bytes: The file.
    ///   - file: Its name, for messages.
    ///   - catalogue: For the ids in the labels.
    package static func read(_ bytes: [UInt8], file: String, catalogue: Catalogue) -> Reading<[PolicyCase]> {
        let log = ProblemLog(file: file)
        guard let top = Document.open(bytes, log: log) else { return log.reading(nil) }
        let partners = OrganisationRows.read(top)
        let rows = top.sections("cases")
        if top.node("cases") == nil { top.missing("cases", hint: "add cases: and below it one `- case: ...` each") }
        let cases = rows.compactMap { CaseRow.read($0, file, partners, catalogue) }
        repeated(zip(cases, rows), log)
        top.end()
        return log.reading(cases)
    }

    private static func repeated(_ cases: some Sequence<(PolicyCase, Section)>, _ log: ProblemLog) {
        var seen: Set<String> = []
        for (policyCase, row) in cases where !seen.insert(policyCase.name).inserted {
            log.error("two cases have the same words", hint: "say what tells them apart", at: row.mark(of: "case"))
        }
    }
}

/// One row of `cases:`.
enum CaseRow {
    static func read(
        _ row: Section, _ file: String, _ partners: [Organisation], _ catalogue: Catalogue
    ) -> PolicyCase? {
        let name = row.required("case", row.text("case"), hint: "say in one line what happens")
        let day = row.required("on", row.date("on"))
        let (sender, recipient) = (row.required("from", row.agency("from")), row.required("to", row.agency("to")))
        let route = row.required("route", row.route("route"))
        let sideCar = sideCar(row, file, catalogue)
        let changes = AgreementChanges.read(row)
        let suggested = row.ids("suggested") ?? []
        let expected: PolicyCase.Outcome? = row.required("expect", row.choice("expect"))
        let rules = rules(row)
        let received: Regime? = row.choice("received-under")
        let office: Share.Office? = row.choice("sender-is")
        row.end()
        guard let name, let day, let sender, let recipient, let route, let expected else { return nil }
        var sharing = PolicyCase.Sharing(
            day: day, sides: Share.Sides(from: sender, to: recipient), route: route, sideCar: sideCar)
        (sharing.changes, sharing.suggested, sharing.partners) = (changes, suggested, partners)
        sharing.offices = Set([office].compactMap(\.self))
        return PolicyCase(
            PolicyCase.Place(name: name, line: row.mark?.line ?? 0), sharing,
            expects: PolicyCase.Expectation(outcome: expected, rules: rules, receivedUnder: received))
    }

    private static func sideCar(_ row: Section, _ file: String, _ catalogue: Catalogue) -> Reading<LabelOverride>? {
        guard let label = row.section("label") else { return nil }
        let log = ProblemLog(file: file)
        return log.reading(SideCarReader.read(label.copy(in: log), Words(catalogue: catalogue, log: log)))
    }

    private static func rules(_ row: Section) -> [String] {
        let ids = row.required("rules", row.ids("rules"), hint: "name the rules that the case is about") ?? []
        for id in ids where !RuleBook.ids.contains(id) {
            let near = Nearest.word(to: id, among: RuleBook.ids)
            row.log.error(
                "\"\(id)\" is not a rule of this version", hint: near.map { "did you mean \"\($0)\"?" } ?? "",
                at: row.mark(of: "rules"))
        }
        return ids
    }
}

extension Section {
    func route(_ key: String) -> RouteName? {
        value(key, "the name of a route", hint: "such as strategy-meeting") { try? RouteName($0) }
    }
}
