/// A question put to a sharing. Pure: the same share always gets the same answer.
package struct Rule: Sendable {
    /// As in `RuleEntry`.
    package let id: String
    /// What falls short; empty if the share passes.
    package let question: @Sendable (Share) -> [Shortfall]

    init(_ id: String, _ question: @escaping @Sendable (Share) -> [Shortfall]) {
        self.id = id
        self.question = question
    }
}

/// What was found and the one sentence that fixes it, in plain English and without personal data.
package struct Shortfall: Hashable, Sendable {
    package let found: String
    package let fix: String

    package init(_ found: String, fix: String) {
        self.found = found
        self.fix = fix
    }
}

extension [String] {
    /// `a`, `a and b`, `a, b and c`.
    var listed: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}
