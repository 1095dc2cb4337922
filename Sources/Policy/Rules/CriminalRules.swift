internal import Vocabulary

/// UK GDPR Article 10. The Article 6 basis that it needs too is R-001's, the policy document R-026's affair.
enum CriminalRules {
    static let all = [Rule("R-030", condition), Rule("R-033", role)]

    /// DPA 2018 s.10(4)-(5): under the control of official authority, which a competent authority always is, or a
    /// condition of Schedule 1 Part 1, 2 or 3.
    private static func condition(_ share: Share) -> [Shortfall] {
        guard !share.isPart3, !share.criminal.isEmpty, share.competence(of: share.sender) != .yes else { return [] }
        guard !share.schedule1.contains(where: \.facts.forCriminal) else { return [] }
        return [
            Shortfall(
                "The label names \(share.named(share.criminal, Share.categoryKinds)) and no Schedule 1 condition.",
                fix: "Ask your information governance lead to add a condition such as S1-18 to the route, "
                    + "or take the category out if the file does not hold such data.")
        ]
    }

    /// DPA 2018 s.11(2): offence data is about the person who is said to have offended, so each role must tell.
    private static func role(_ share: Share) -> [Shortfall] {
        let told: Set<String> = ["child", "adult-at-risk", "parent", "suspect", "convicted", "victim", "witness"]
        let untold = share.label.subjects.count { !told.contains($0.role) }
        guard !share.isPart3, !share.criminal.isEmpty, untold > 0 else { return [] }
        return [
            Shortfall(
                "The file holds criminal offence data, and \(untold) of the people in the label have no telling role.",
                fix: "Write for each person whether they are a child, adult-at-risk, parent, suspect, convicted, "
                    + "victim or witness.")
        ]
    }
}
