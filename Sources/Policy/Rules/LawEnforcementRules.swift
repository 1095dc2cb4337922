internal import Vocabulary

/// DPA 2018 Part 3: processing by a competent authority for a law enforcement purpose.
enum LawEnforcementRules {
    static let all = [Rule("R-040", competence), Rule("R-041", sensitive)]

    private static func competence(_ share: Share) -> [Shortfall] {
        guard share.isPart3, let sender = share.catalogue.organisation(share.sender), sender.part3 == .no else {
            return []
        }
        return [
            Shortfall(
                "The label says Part 3, and \(share.sender) is no competent authority for law enforcement.",
                fix: "Use a route under the UK GDPR, or ask your information governance lead which regime applies.")
        ]
    }

    /// s.35(3)-(5): sensitive processing needs a Schedule 8 condition. Criminal offence data itself is not sensitive.
    private static func sensitive(_ share: Share) -> [Shortfall] {
        guard share.isPart3, !share.special.isEmpty, share.schedule8.isEmpty else { return [] }
        return [
            Shortfall(
                "The label names sensitive data (\(share.special.listed)) and no Schedule 8 condition in force.",
                fix: "Ask your information governance lead to add a condition such as S8-4 (safeguarding) to the route."
            )
        ]
    }
}
