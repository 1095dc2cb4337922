package import Policy
internal import Vocabulary

/// `NAME.label.yaml` or `.json` beside a dropped file -> `LabelOverride`.
package enum SideCarReader {
    /// - Parameter file: A name for messages. A side-car's own name may hold a child's name: give another.
    package static func read(_ bytes: [UInt8], file: String) -> Reading<LabelOverride> {
        let log = ProblemLog(file: file)
        guard let top = Document.open(bytes, log: log) else { return log.reading(nil) }
        let sideCar = read(top)
        top.end()
        return log.reading(sideCar)
    }

    private static func read(_ top: Section) -> LabelOverride {
        var sideCar = LabelOverride()
        let origin: Origin? = top.choice("origin")
        sideCar.origin = origin?.rawValue
        (sideCar.purpose, sideCar.categories) = (top.id("purpose"), top.ids("categories"))
        (sideCar.necessity, sideCar.accuracy) = (top.text("necessity"), top.text("accuracy"))
        if let basis = top.section("basis") { sideCar.basis = BasisRows.overriding(basis) }
        if let handling = top.section("handling") {
            (sideCar.classification, sideCar.caveats) = HandlingRow.fields(handling)
        }
        if let retention = top.section("retention") {
            (sideCar.retentionClass, sideCar.reviewBy) = (retention.id("class"), retention.date("review-by"))
            retention.end()
        }
        sideCar.subjects = subjects(top)
        sideCar.emergency = emergency(top)
        return sideCar
    }

    private static func emergency(_ top: Section) -> String? {
        guard let section = top.section("emergency") else { return nil }
        let reason = section.required("reason", section.text("reason"), hint: "say in one line what the danger is")
        section.end()
        return reason
    }

    /// A label carries at most 200.
    private static func subjects(_ top: Section) -> [Label.Subject]? {
        guard top.node("subjects") != nil else { return nil }
        let rows = top.sections("subjects")
        if rows.count > 200 {
            top.log.error(
                "\"subjects\" names more than 200 people", hint: "name the case instead", at: top.mark(of: "subjects"))
        }
        return rows.compactMap(subject)
    }

    private static func subject(_ row: Section) -> Label.Subject? {
        let ref = row.required("ref", row.id("ref"), hint: "give the case reference, never a name")
        let role: SubjectRole? = row.required("role", row.choice("role"))
        let informed = informed(row)
        row.end()
        guard let ref, let role else { return nil }
        return Label.Subject(ref: ref, role: role.rawValue, informed: informed)
    }

    private static func informed(_ row: Section) -> Label.Informed? {
        guard let section = row.section("informed") else { return nil }
        let status: InformedStatus? = section.required("status", section.choice("status"))
        let (on, ground) = (section.date("on"), section.id("ground"))
        if status == .exempt, ground == nil {
            section.missing("ground", hint: "give the ground of Article 14(5), such as 14-5-f")
        }
        section.end()
        return status.map { Label.Informed(status: $0.rawValue, on: on, ground: ground) }
    }
}

/// DPA 2018 s.38(3) asks for the first four of a law enforcement share.
enum SubjectRole: String, CaseIterable { case child, parent, suspect, convicted, victim, witness, other }

enum InformedStatus: String, CaseIterable { case yes, no, exempt }
