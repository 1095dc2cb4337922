internal import Vocabulary

/// UK GDPR Article 10.
enum CriminalRules {
    static let all = [Rule("R-030", condition)]

    /// DPA 2018 s.10(4)-(5): under the control of official authority, which a competent authority always is, or a
    /// condition of Schedule 1 Part 1, 2 or 3.
    private static func condition(_ share: Share) -> [Shortfall] {
        guard !share.isPart3, !share.criminal.isEmpty, share.competence(of: share.sender) != .yes else { return [] }
        guard !share.schedule1.contains(where: \.facts.forCriminal) else { return [] }
        return [
            Shortfall(
                "The label names criminal offence data (\(share.criminal.listed)) and no Schedule 1 condition.",
                fix: "Ask your information governance lead to add a condition such as S1-18 to the route, "
                    + "or take the category out if the file does not hold such data.")
        ]
    }
}
