internal import Vocabulary

/// `subjects:` of a side-car: the people whom a file is about, by case reference.
enum SubjectRows {
    /// A label carries at most 200.
    static func read(_ top: Section) -> [Label.Subject]? {
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
        if status == .exempt, ground == nil, section.node("ground") == nil {
            section.missing("ground", hint: "give the ground of Article 14(5), such as 14-5-f")
        }
        if status == .yes, on == nil, section.node("on") == nil {
            section.missing("on", hint: "say on which day the person was told")
        }
        if status == .no, on != nil {
            section.log.error(
                "\"\(section.path("on"))\" gives a day, and the status is no", hint: "write yes, or remove the day",
                at: section.mark(of: "on"))
        }
        section.end()
        return status.map { Label.Informed(status: $0.rawValue, on: on, ground: ground) }
    }
}

/// DPA 2018 s.38(3) asks of a law enforcement share who is suspect, convicted, victim, or witness or other; Sch 1
/// para 18 asks for a child or an adult at risk.
enum SubjectRole: String, CaseIterable {
    case child, parent, suspect, convicted, victim, witness, other
    case adultAtRisk = "adult-at-risk"
}

enum InformedStatus: String, CaseIterable { case yes, no, exempt }
