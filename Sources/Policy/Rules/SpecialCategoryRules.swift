internal import Vocabulary

/// UK GDPR Article 9 and the conditions of DPA 2018 Schedule 1 that go with it.
enum SpecialCategoryRules {
    static let all = [
        Rule("R-020", article9), Rule("R-021") { condition($0, part: 1) }, Rule("R-022") { condition($0, part: 2) },
        Rule("R-023", confidentiality), Rule("R-024", incapacity), Rule("R-025", noConsent, protected),
        Rule("R-026", policyDocument), Rule("R-026w", policyDocumentReview),
    ]

    private static func article9(_ share: Share) -> [Shortfall] {
        guard !share.isPart3, !share.special.isEmpty, share.article9.isEmpty else { return [] }
        let what = share.named(share.special, Share.categoryKinds)
        return [
            Shortfall(
                "The label names special category data, \(what), and no Article 9 point in force.",
                fix: "Ask your information governance lead to add an Article 9 point such as A9-2-g to the route, "
                    + "or take the category out if the file does not hold such data.")
        ]
    }

    /// DPA 2018 s.10(2)-(3): which Article 9 points need a condition of which part of Schedule 1.
    private static func condition(_ share: Share, part: Int64) -> [Shortfall] {
        guard !share.isPart3, !share.special.isEmpty else { return [] }
        let asking = share.article9.filter { $0.facts.part == part }
        let met = share.schedule1.contains { $0.facts.part == part && $0.facts.forSpecialCategory }
        guard !asking.isEmpty, !met else { return [] }
        let example = part == 1 ? "S1-2 (health or social care)" : "S1-18 (safeguarding)"
        return [
            Shortfall(
                "The label relies on \(asking.listed), which needs a condition of Schedule 1 Part \(part), "
                    + "and names none.",
                fix: "Ask your information governance lead to add the condition to the route, such as \(example).")
        ]
    }

    /// UK GDPR 9(3); DPA 2018 s.11(1).
    private static func confidentiality(_ share: Share) -> [Shortfall] {
        let known: Set<String> = ["health-professional", "social-work-professional", "duty-of-confidentiality"]
        let asking = share.pointsAsking("confidentiality")
        guard !asking.isEmpty, !known.contains(share.label.basis.confidentiality ?? "") else { return [] }
        return [
            Shortfall(
                "The label relies on \(asking.listed), which is for professionals who must keep confidence, "
                    + "and does not say who that is.",
                fix: "Write under basis, confidentiality, whether a health-professional, a social-work-professional "
                    + "or a duty-of-confidentiality stands behind the sharing.")
        ]
    }

    /// UK GDPR 9(2)(c): not merely unwilling, and not merely out of reach.
    private static func incapacity(_ share: Share) -> [Shortfall] {
        let asking = share.pointsAsking("incapacity")
        let answer = share.label.basis.incapacity ?? ""
        guard !asking.isEmpty, !["physically", "legally"].contains(answer) else { return [] }
        return [
            Shortfall(
                "The label relies on \(asking.listed), which is for a person who cannot consent, "
                    + "and does not say why not.",
                fix: "Write under basis, incapacity, whether the person is physically or legally unable to consent, "
                    + "or use the safeguarding condition (S1-18).")
        ]
    }

    /// Schedule 1 para 18(1)(d) and (2): consent cannot be given, cannot be expected, or would prejudice the
    /// protection.
    private static func noConsent(_ share: Share) -> [Shortfall] {
        guard !share.isPart3 else { return [] }
        return NoConsent.missing(share.schedule1, share)
    }

    /// Schedule 1 para 18(1)(b), (3): somebody under 18, or an adult at risk. Who names nobody protects a type of
    /// individual (para 18(4)).
    private static func protected(_ share: Share) -> [Shortfall] {
        let asking = share.isPart3 ? [] : share.schedule1.filter { $0.facts.requires.contains("no-consent") }
        let roles = share.label.subjects.map(\.role)
        guard !asking.isEmpty, !roles.isEmpty, !roles.contains(where: ["child", "adult-at-risk"].contains) else {
            return []
        }
        return [
            Shortfall(
                "The label relies on \(asking.listed), which protects a child or an adult at risk, and names neither.",
                fix: "Add the child or the adult-at-risk whom this sharing protects to the people in the label.")
        ]
    }

    private static func policyDocument(_ share: Share) -> [Shortfall] {
        let asking = asking(share)
        guard !asking.isEmpty, let agreement = share.agreement, agreement.policyDocument == nil else { return [] }
        return [
            Shortfall(
                "The label relies on \(asking.listed), which needs an appropriate policy document, "
                    + "and agreement \(agreement.id) names none.",
                fix: "Ask your information governance lead to name the appropriate policy document in the agreement.")
        ]
    }

    private static func policyDocumentReview(_ share: Share) -> [Shortfall] {
        guard !asking(share).isEmpty, let document = share.agreement?.policyDocument else { return [] }
        guard let due = document.reviewBy, due < share.date else { return [] }
        return [
            Shortfall(
                "Appropriate policy document \(document.id) was to be reviewed by \(due).",
                fix: "Ask your information governance lead to review the document; the file is sent meanwhile.")
        ]
    }

    /// The cited conditions that need the document for this sharing.
    private static func asking(_ share: Share) -> [CatalogueEntry] {
        guard !share.special.isEmpty || !share.criminal.isEmpty else { return [] }
        let cited = share.isPart3 ? share.schedule8 : share.schedule1
        return cited.filter { condition in
            switch condition.facts.policyDocument {
            case .required: true
            case .unlessToCompetentAuthority: share.competence(of: share.recipient) != .yes
            case .notRequired, nil: false
            }
        }
    }
}

extension Share {
    /// The cited Article 9 points in force that ask for something more.
    fileprivate func pointsAsking(_ what: String) -> [CatalogueEntry] {
        isPart3 || special.isEmpty ? [] : article9.filter { $0.facts.requires.contains(what) }
    }
}

/// The test that Schedule 1 para 18(2) and Schedule 8 para 4(2) share.
enum NoConsent {
    static func missing(_ conditions: [CatalogueEntry], _ share: Share) -> [Shortfall] {
        let asking = conditions.filter { $0.facts.requires.contains("no-consent") }
        guard !asking.isEmpty, !["a", "b", "c"].contains(share.label.basis.reason ?? "") else { return [] }
        return [
            Shortfall(
                "The label relies on \(asking.listed) and does not say why consent is not sought.",
                fix: "Add reason a (consent cannot be given), b (you cannot reasonably be expected to obtain it) "
                    + "or c (asking for it would stand in the way of protecting the person).")
        ]
    }
}
