internal import Vocabulary

/// UK GDPR Article 9 and the conditions of DPA 2018 Schedule 1 that go with it.
enum SpecialCategoryRules {
    static let all = [
        Rule("R-020", article9), Rule("R-021") { condition($0, part: 1) }, Rule("R-022") { condition($0, part: 2) },
        Rule("R-025", noConsent), Rule("R-026", policyDocument), Rule("R-026w", policyDocumentReview),
    ]

    private static func article9(_ share: Share) -> [Shortfall] {
        guard !share.isPart3, !share.special.isEmpty, share.article9.isEmpty else { return [] }
        return [
            Shortfall(
                "The label names special category data (\(share.special.listed)) and no Article 9 point in force.",
                fix: "Ask your information governance lead to add an Article 9 point such as A9-2-g to the route, "
                    + "or take the category out if the file does not hold such data.")
        ]
    }

    /// DPA 2018 s.10(2)-(3): which Article 9 points need a condition of which part of Schedule 1.
    private static func condition(_ share: Share, part: Int64) -> [Shortfall] {
        guard !share.isPart3, !share.special.isEmpty else { return [] }
        let asking = share.article9.filter { $0.facts.part == part }.map(\.id)
        let met = share.schedule1.contains { $0.facts.part == part && $0.facts.forSpecialCategory }
        guard !asking.isEmpty, !met else { return [] }
        let example = part == 1 ? "S1-2 (health or social care)" : "S1-18 (safeguarding)"
        return [
            Shortfall(
                "\(asking.listed) needs a condition of Schedule 1 Part \(part), and the label names none in force.",
                fix: "Ask your information governance lead to add the condition to the route, such as \(example).")
        ]
    }

    /// Schedule 1 para 18(1)(d) and (2): consent cannot be given, cannot be expected, or would prejudice the
    /// protection.
    private static func noConsent(_ share: Share) -> [Shortfall] {
        guard !share.isPart3, share.schedule1.contains(where: { $0.id == "S1-18" }) else { return [] }
        guard !["a", "b", "c"].contains(share.label.basis.reason ?? "") else { return [] }
        return [
            Shortfall(
                "S1-18 is relied on, and the label does not say why consent is not sought.",
                fix: "Add reason a (consent cannot be given), b (you cannot reasonably be expected to obtain it) "
                    + "or c (asking for it would stand in the way of protecting the person).")
        ]
    }

    private static func policyDocument(_ share: Share) -> [Shortfall] {
        let asking = asking(share)
        guard !asking.isEmpty, let agreement = share.agreement, agreement.policyDocument == nil else { return [] }
        return [
            Shortfall(
                "\(asking.listed) needs an appropriate policy document, and agreement \(agreement.id) names none.",
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
    private static func asking(_ share: Share) -> [String] {
        guard !share.special.isEmpty || !share.criminal.isEmpty else { return [] }
        let cited = share.isPart3 ? share.schedule8 : share.schedule1
        return cited.filter { condition in
            switch condition.facts.policyDocument {
            case .required: true
            case .unlessToCompetentAuthority: share.competence(of: share.recipient) != .yes
            case .notRequired, nil: false
            }
        }.map(\.id)
    }
}
