internal import Policy
internal import Vocabulary

/// `routes:` of an agreement.
enum RouteRows {
    static func read(_ top: Section, _ purposes: [String], _ words: Words) -> [Route] {
        top.named("routes").compactMap { text, mark, section in
            let name = try? RouteName(text)
            if name == nil {
                top.log.error(
                    "the name of a route becomes a folder, and this one cannot",
                    hint: "lower-case letters, digits and hyphens, 2 to 40", at: mark)
            }
            let route = route(name, section, purposes, words)
            section.end()
            return route
        }
    }

    /// Reads everything even where the name is wrong, so that every mistake is found.
    private static func route(_ name: RouteName?, _ section: Section, _ purposes: [String], _ words: Words) -> Route? {
        let purpose = section.required("purpose", section.id("purpose"), hint: "add a line such as `purpose: pu-3.1`")
        words.check([purpose].compactMap(\.self), [.purpose], "purpose", section)
        permitted(purpose, purposes, section, words)
        let categories = section.required(
            "categories", section.ids("categories"), hint: "add a line such as `categories: [pd-01, pd-12]`")
        words.check(categories ?? [], Words.categories, "categories", section)
        Repeated.check(categories, "categories", section)
        let basis = BasisRows.read(section, words)
        let necessity = section.required("necessity", section.text("necessity"), hint: "say why sharing is necessary")
        let rest = details(section)
        guard let name else { return nil }
        var route = Route(
            name: name, purpose: purpose ?? "", categories: categories ?? [], basis: basis, necessity: necessity ?? "")
        rest(&route)
        return route
    }

    private static func details(_ section: Section) -> (inout Route) -> Void {
        let origin: Origin? = section.choice("origin")
        let handling = HandlingRow.read(section)
        let retention = retention(section)
        let subjects: Route.Subjects? = section.choice("subjects")
        let emergency = section.flag("emergency")
        let reviewWithin = section.period("review-within")
        let check: Route.ContentCheck? = section.choice("content-check")
        let sideCar: SideCarUse? = section.choice("side-car")
        let accuracy = accuracy(section)
        if reviewWithin != nil, emergency != true {
            section.log.error(
                "\"\(section.path("review-within"))\" is for emergency routes",
                hint: "add `emergency: true` or remove it", at: section.mark(of: "review-within"))
        }
        return { route in
            Assign.set(origin?.rawValue, &route.origin)
            Assign.set(handling, &route.handling)
            Assign.set(subjects, &route.subjects)
            Assign.set(emergency, &route.emergency)
            Assign.set(check, &route.contentCheck)
            route.retention = retention
            route.reviewWithin = reviewWithin
            route.sideCarRequired = sideCar == .required
            accuracy(&route)
        }
    }

    /// What the parties have agreed that every file of the route is.
    private static func accuracy(_ section: Section) -> (inout Route) -> Void {
        let (nature, asOf): (Nature?, AsOf?) = (section.choice("nature"), section.choice("as-of"))
        let (accuracy, lawEnforcement) = (section.text("accuracy"), section.flag("law-enforcement"))
        return { route in
            (route.nature, route.accuracy, route.isCurrent) = (nature?.rawValue, accuracy, asOf == .sending)
            Assign.set(lawEnforcement, &route.lawEnforcement)
        }
    }

    private static func retention(_ section: Section) -> Route.Retention? {
        guard let row = section.section("retention") else { return nil }
        let kind = row.required("class", row.id("class"))
        let after = row.period("review-after")
        row.end()
        return kind.map { Route.Retention(class: $0, reviewAfter: after) }
    }

    /// A purpose outside the agreement would hold every file of the route.
    private static func permitted(_ purpose: String?, _ purposes: [String], _ section: Section, _ words: Words) {
        guard let purpose, words.catalogue.knows(purpose, .purpose), !purposes.isEmpty else { return }
        let parents = words.catalogue.entries.filter { $0.kind == .purpose }.map { ($0.id, $0.facts.parent) }
        var (next, seen) = (Optional(purpose), Set<String>())
        while let id = next, seen.insert(id).inserted {
            if purposes.contains(id) { return }
            next = parents.first { $0.0 == id }?.1
        }
        section.log.error(
            "\"\(section.path("purpose"))\" is \"\(purpose)\", which is not among the agreement's purposes",
            hint: "add it to purposes, or choose one of \(purposes.joined(separator: ", "))",
            at: section.mark(of: "purpose"))
    }
}

/// Protocol 3.1: where the information came from.
enum Origin: String, CaseIterable { case referral, assessment, record, meeting, other }

/// DPA 2018 s.38(2).
enum Nature: String, CaseIterable { case fact, opinion, both }

/// A route knows no date of its own: its files are verified on the day that they are sent.
enum AsOf: String, CaseIterable { case sending }

enum SideCarUse: String, CaseIterable { case optional, required }
