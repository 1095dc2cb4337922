internal import Vocabulary

/// What the content check suggests and the label does not name. Software suggests, people decide (UK GDPR 22A-22D):
/// nothing here changes a label.
enum ContentRules {
    static let all = [Rule("R-067", uncovered), Rule("R-067w", unmentioned)]

    /// Special category or criminal offence data that nobody has named, where the route asks to hold for it.
    private static func uncovered(_ share: Share) -> [Shortfall] {
        guard share.route?.contentCheck == .hold else { return [] }
        let sensitive = share.unnamed.filter(share.isSensitive)
        guard !sensitive.isEmpty else { return [] }
        return [
            Shortfall(
                "The content looks as if it held \(sensitive.listed), which the label does not name.",
                fix: "Look at the file, and add the category in a label file with its legal basis, "
                    + "or release it and say that it holds no such data.")
        ]
    }

    private static func unmentioned(_ share: Share) -> [Shortfall] {
        let told: [String] =
            switch share.route?.contentCheck {
            case .warn: share.unnamed
            case .hold: share.unnamed.filter { !share.isSensitive($0) }
            case .off, .record, nil: []
            }
        guard !told.isEmpty else { return [] }
        return [
            Shortfall(
                "The content looks as if it held \(told.listed), which the label does not name.",
                fix: "Compare the file with the categories of its route; the file is sent meanwhile.")
        ]
    }
}

extension Share {
    /// Suggested, and neither the category nor the one that it is part of is named by the label.
    fileprivate var unnamed: [String] {
        label.suggested.filter { id in
            let parent = catalogue.entry(id, .personalCategory, on: date)?.facts.parent
            return !label.categories.contains(id) && !(parent.map(label.categories.contains) ?? false)
        }
    }

    fileprivate func isSensitive(_ id: String) -> Bool {
        catalogue.knows(id, .specialCategory) || catalogue.knows(id, .criminal)
    }
}
