internal import Vocabulary

/// DPA 2018 Part 3: processing by a competent authority for a law enforcement purpose.
enum LawEnforcementRules {
    static let all = [
        Rule("R-040", competence, purpose), Rule("R-041", sensitive), Rule("R-042", noConsent),
        Rule("R-043", otherPurpose), Rule("R-044", authorised), Rule("R-045", subjects),
    ]

    /// One that may only investigate its own offences does so only where the route says so (s.30(1)(b)).
    private static func competence(_ share: Share) -> [Shortfall] {
        guard share.isPart3 else { return [] }
        switch share.competence(of: share.sender) {
        case .yes: return []
        case .limited where share.isRouteForLawEnforcement: return []
        case .limited, .no:
            return [
                Shortfall(
                    "The label says Part 3, and \(share.sender) is no competent authority for this work.",
                    fix: "Use a route under the UK GDPR, or ask your information governance lead which law applies.")
            ]
        }
    }

    /// s.35(1)-(2), s.31.
    private static func purpose(_ share: Share) -> [Shortfall] {
        guard share.isPart3, share.lawEnforcementPurpose == nil else { return [] }
        let found =
            share.label.basis.lawEnforcement.map { id in
                "The law enforcement purpose \(id) "
                    + share.catalogue.standing(id, .lawEnforcement, on: share.date).words + "."
            } ?? "The label says Part 3 and does not say for which law enforcement purpose."
        return [
            Shortfall(
                found,
                fix: "Name the purpose under basis, law-enforcement, such as le-investigation, "
                    + "or use a route under the UK GDPR if this is welfare work.")
        ]
    }

    /// s.35(3)-(5): sensitive processing needs a Schedule 8 condition. Criminal offence data itself is not sensitive.
    private static func sensitive(_ share: Share) -> [Shortfall] {
        guard share.isPart3, !share.special.isEmpty, share.schedule8.isEmpty else { return [] }
        let what = share.named(share.special, Share.categoryKinds)
        return [
            Shortfall(
                "The label names sensitive data, \(what), and no Schedule 8 condition in force.",
                fix: "Ask your information governance lead to add a condition such as S8-4 (safeguarding) to the route."
            )
        ]
    }

    private static func noConsent(_ share: Share) -> [Shortfall] {
        share.isPart3 ? NoConsent.missing(share.schedule8, share) : []
    }

    /// s.36(3): another law enforcement purpose, if the law authorises it and it is necessary and proportionate.
    private static func otherPurpose(_ share: Share) -> [Shortfall] {
        guard share.isPart3, let collection = share.label.collection, collection.purpose.isKnownPolicing(share),
            collection.purpose != share.label.basis.lawEnforcement
        else { return [] }
        guard share.gateways.isEmpty || !collection.compatibility.hasWords(4) else { return [] }
        return [
            Shortfall(
                "The information was collected for another law enforcement purpose, "
                    + share.named([collection.purpose], [.lawEnforcement]) + ".",
                fix: "Name the Act that allows the new use among the gateways, and say under collection, "
                    + "compatibility, why it is necessary and proportionate.")
        ]
    }

    /// s.36(4): what the police hold for law enforcement goes to other work only where the law authorises it.
    private static func authorised(_ share: Share) -> [Shortfall] {
        guard share.gateways.isEmpty, share.holdsPolicingData else { return [] }
        let isForWelfare = share.regime(of: share.recipient) == .ukGDPR
        guard isForWelfare || share.purposes.contains(where: \.facts.inProtocol) else { return [] }
        return [
            Shortfall(
                "Law enforcement data would go to other work, and the label names no Act that authorises it.",
                fix: "Ask your information governance lead to add the legal gateway to the route, such as CDA98-115.")
        ]
    }

    /// s.38(3): suspects, convicted people, victims, and witnesses or others are told apart.
    private static func subjects(_ share: Share) -> [Shortfall] {
        let told: Set<String> = ["suspect", "convicted", "victim", "witness", "other"]
        let untold = share.label.subjects.count { !told.contains($0.role) }
        guard share.isPart3, untold > 0 else { return [] }
        return [
            Shortfall(
                "Part 3 tells suspects from victims, and \(untold) of the people in the label are neither.",
                fix: "Write for each person whether they are a suspect, convicted, victim, witness or other.")
        ]
    }
}

extension Share {
    /// Under Part 3 now, or collected by a competent authority for a purpose of s.31.
    fileprivate var holdsPolicingData: Bool {
        if isPart3 { return true }
        guard competence(of: sender) == .yes else { return false }
        return label.collection?.purpose.isKnownPolicing(self) ?? false
    }
}

extension String {
    fileprivate func isKnownPolicing(_ share: Share) -> Bool { share.catalogue.knows(self, .lawEnforcement) }
}
