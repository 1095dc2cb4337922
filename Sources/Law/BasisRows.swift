internal import Policy
internal import Vocabulary

/// Schedule 1 paragraph 18(2): why consent is not sought.
enum NoConsent: String, CaseIterable { case a, b, c }

/// UK GDPR 9(3), DPA 2018 s.11(1): who answers for Article 9(2)(h).
enum Confidentiality: String, CaseIterable {
    case healthProfessional = "health-professional"
    case socialWorkProfessional = "social-work-professional"
    case duty = "duty-of-confidentiality"
}

/// UK GDPR 9(2)(c): why the person cannot consent.
enum Incapacity: String, CaseIterable { case physically, legally }

/// `basis:` of a route.
enum BasisRows {
    static func read(_ route: Section, _ words: Words) -> Label.Basis {
        var basis = Label.Basis()
        guard let section = route.section("basis") else {
            if route.node("basis") == nil { route.missing("basis", hint: "add basis: { article-6: [A6-1-e], ... }") }
            return basis
        }
        let theirs = overriding(section, words, usual: .ukGDPR)
        Assign.set(theirs.regime, &basis.regime)
        (basis.article6, basis.gateways) = (theirs.article6 ?? [], theirs.gateways ?? [])
        (basis.article9, basis.schedule1) = (theirs.article9 ?? [], theirs.schedule1 ?? [])
        basis.schedule8 = theirs.schedule8 ?? []
        (basis.reason, basis.confidentiality) = (theirs.reason, theirs.confidentiality)
        (basis.consent, basis.incapacity, basis.request) = (theirs.consent, theirs.incapacity, theirs.request)
        (basis.lawEnforcement, basis.transfer) = (theirs.lawEnforcement, theirs.transfer)
        basis.authority = theirs.authority
        return basis
    }

    /// The same keys in a side-car, where each one may be absent.
    /// - Parameter usual: The regime where the section names none; nil if the route says which.
    static func overriding(_ section: Section, _ words: Words?, usual: Regime? = nil) -> LabelOverride.Basis {
        var basis = LabelOverride.Basis()
        let regime: Regime? = section.choice("regime")
        basis.regime = regime?.rawValue
        lists(section, words, &basis)
        answers(section, words, &basis)
        contradictions(section.node("regime") == nil ? usual : regime, section, basis)
        section.end()
        return basis
    }

    private static func lists(_ section: Section, _ words: Words?, _ basis: inout LabelOverride.Basis) {
        let lists: [(WritableKeyPath<LabelOverride.Basis, [String]?>, String, [CatalogueEntry.Kind])] = [
            (\.article6, "article-6", [.article6]), (\.gateways, "gateways", [.gateway, .annex1]),
            (\.article9, "article-9", [.article9]), (\.schedule1, "schedule-1", [.schedule1]),
            (\.schedule8, "schedule-8", [.schedule8]),
        ]
        for (place, key, kinds) in lists {
            let ids = section.ids(key)
            words?.check(ids ?? [], kinds, key, section)
            basis[keyPath: place] = ids
        }
    }

    private static func answers(_ section: Section, _ words: Words?, _ basis: inout LabelOverride.Basis) {
        let (reason, incapacity): (NoConsent?, Incapacity?) = (section.choice("reason"), section.choice("incapacity"))
        let confidentiality: Confidentiality? = section.choice("confidentiality")
        (basis.reason, basis.incapacity) = (reason?.rawValue, incapacity?.rawValue)
        basis.confidentiality = confidentiality?.rawValue
        (basis.consent, basis.authority) = (section.text("consent"), section.text("authority"))
        (basis.request, basis.transfer) = (section.text("request"), section.id("transfer"))
        basis.lawEnforcement = section.id("law-enforcement")
        words?.check(basis.transfer, .transfer, "transfer", section)
        words?.check(basis.lawEnforcement, .lawEnforcement, "law-enforcement", section)
    }

    /// Each regime has tags of its own: who names both has not decided.
    private static func contradictions(_ regime: Regime?, _ section: Section, _ basis: LabelOverride.Basis) {
        let foreign: [String] =
            switch regime {
            case .part3:
                [
                    basis.article6?.isEmpty == false ? "article-6" : nil,
                    basis.article9?.isEmpty == false ? "article-9" : nil,
                    basis.schedule1?.isEmpty == false ? "schedule-1" : nil,
                ].compactMap(\.self)
            case .ukGDPR:
                [
                    basis.schedule8?.isEmpty == false ? "schedule-8" : nil,
                    basis.lawEnforcement != nil ? "law-enforcement" : nil,
                ].compactMap(\.self)
            case nil: []
            }
        for key in foreign {
            section.log.error(
                "\"\(section.path(key))\" does not belong to regime \(regime?.rawValue ?? "")",
                hint: "remove it, or choose the other regime", at: section.mark(of: key))
        }
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
        Repeated.check(caveats, "caveats", row)
        row.end()
        return (classification?.rawValue, caveats)
    }
}
