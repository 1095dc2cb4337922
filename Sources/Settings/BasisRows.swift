internal import Policy
internal import Vocabulary

enum Regime: String, CaseIterable {
    case ukGDPR = "uk-gdpr"
    case part3 = "dpa-part-3"
}

/// Schedule 1 paragraph 18(2): why consent is not sought.
enum NoConsent: String, CaseIterable { case a, b, c }

/// `basis:` of a route.
enum BasisRows {
    static func read(_ route: Section, _ words: Words) -> Label.Basis {
        var basis = Label.Basis()
        guard let section = route.section("basis") else {
            if route.node("basis") == nil { route.missing("basis", hint: "add basis: { article-6: [A6-1-e], ... }") }
            return basis
        }
        let theirs = overriding(section)
        Assign.set(theirs.regime, &basis.regime)
        let lists: [([String]?, WritableKeyPath<Label.Basis, [String]>, String, [CatalogueEntry.Kind])] = [
            (theirs.article6, \.article6, "article-6", [.article6]),
            (theirs.gateways, \.gateways, "gateways", [.gateway, .annex1]),
            (theirs.article9, \.article9, "article-9", [.article9]),
            (theirs.schedule1, \.schedule1, "schedule-1", [.schedule1]),
            (theirs.schedule8, \.schedule8, "schedule-8", [.schedule8]),
        ]
        for (ids, place, key, kinds) in lists {
            words.check(ids ?? [], kinds, key, section)
            basis[keyPath: place] = ids ?? []
        }
        basis.reason = theirs.reason
        return basis
    }

    /// The same keys in a side-car, where each one may be absent.
    static func overriding(_ section: Section) -> LabelOverride.Basis {
        var basis = LabelOverride.Basis()
        let (regime, reason): (Regime?, NoConsent?) = (section.choice("regime"), section.choice("reason"))
        (basis.regime, basis.reason) = (regime?.rawValue, reason?.rawValue)
        (basis.article6, basis.gateways) = (section.ids("article-6"), section.ids("gateways"))
        (basis.article9, basis.schedule1) = (section.ids("article-9"), section.ids("schedule-1"))
        basis.schedule8 = section.ids("schedule-8")
        section.end()
        return basis
    }
}

/// Government Security Classifications Policy 2024: the two that travel here.
enum Classification: String, CaseIterable {
    case official = "OFFICIAL"
    case sensitive = "OFFICIAL-SENSITIVE"
}

/// `handling:` of a route or a side-car.
enum HandlingRow {
    static func read(_ section: Section) -> Label.Handling? {
        guard let row = section.section("handling") else { return nil }
        let (classification, caveats) = fields(row)
        return Label.Handling(
            classification: classification ?? Classification.official.rawValue, caveats: caveats ?? [])
    }

    static func fields(_ row: Section) -> (classification: String?, caveats: [String]?) {
        let classification: Classification? = row.choice("classification")
        let caveats = row.ids("caveats")
        row.end()
        return (classification?.rawValue, caveats)
    }
}
