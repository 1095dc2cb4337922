internal import Vocabulary

/// Of what day is the information, is it fact or opinion, and how sure is the sender?
enum AccuracyRules {
    static let all = [Rule("R-009", currency), Rule("R-046", nature), Rule("R-047", quality)]

    /// UK GDPR 5(1)(d). One statement of accuracy answers both questions.
    private static func currency(_ share: Share) -> [Shortfall] {
        guard !share.isPart3 else { return [] }
        let label = share.label
        if let early = future(share) { return [early] }
        if label.accuracy.hasWords(3) || (label.asOf != nil && isKnown(label.nature)) { return [] }
        return [
            Shortfall(
                "The label does not say of what day the information is, or whether it is fact or opinion.",
                fix: "Write as-of and nature (fact, opinion or both) in the label file, "
                    + "or one sentence under accuracy.")
        ]
    }

    /// DPA 2018 s.38(2): facts are told from personal assessments. Where a file holds both, the statement of accuracy
    /// says how they are told apart.
    private static func nature(_ share: Share) -> [Shortfall] {
        let (nature, accuracy) = (share.label.nature, share.label.accuracy)
        guard share.isPart3, !isKnown(nature) || (nature == "both" && !accuracy.hasWords(3)) else { return [] }
        return [
            Shortfall(
                "The label does not tell facts from personal assessments.",
                fix: "Write under nature whether the file is fact or opinion, "
                    + "or write both and say under accuracy how the two are told apart.")
        ]
    }

    /// DPA 2018 s.38(4)-(5)(b): verified before sending, and sent with what lets the recipient judge it.
    private static func quality(_ share: Share) -> [Shortfall] {
        guard share.isPart3 else { return [] }
        if let early = future(share) { return [early] }
        guard share.label.asOf == nil || !share.label.accuracy.hasWords(3) else { return [] }
        return [
            Shortfall(
                "The label does not tell the recipient how accurate, complete, reliable and current the file is.",
                fix: "Write as-of with the day of the last check, and one sentence under accuracy that says how sure "
                    + "you are.")
        ]
    }

    private static func future(_ share: Share) -> Shortfall? {
        guard let day = share.label.asOf, share.date < day else { return nil }
        return Shortfall(
            "The label says that the information is of \(day), which is still to come.",
            fix: "Write under as-of the day on which the information was last checked.")
    }

    private static func isKnown(_ nature: String?) -> Bool { ["fact", "opinion", "both"].contains(nature ?? "") }
}
