/// A question put to a sharing. Pure: the same share always gets the same answer.
package struct Rule: Sendable {
    /// As in `RuleEntry`.
    package let id: String
    /// What falls short; empty if the share passes.
    package let question: @Sendable (Share) -> [Shortfall]

    /// - Parameter questions: The halves of the rule, if it has more than one.
    init(_ id: String, _ questions: @Sendable (Share) -> [Shortfall]...) {
        self.id = id
        question = { share in questions.flatMap { $0(share) } }
    }
}

/// What was found and the one sentence that fixes it, in plain English and without personal data.
package struct Shortfall: Hashable, Sendable {
    package let found: String
    package let fix: String
    /// Where a row of the catalogue, and not the rule, says which Act it is and what follows.
    let citation: String?
    let outcome: RuleEntry.Outcome?
    let reach: Reach

    /// Whom a shortfall can stop.
    enum Reach: Hashable, Sendable {
        /// Whatever the law's row says of it, a child in danger comes first: an emergency goes and is reviewed.
        case routine
        /// Nobody can let it go, not even an emergency. What may be so stands in `RuleBook.final`, no other place.
        case everything
    }

    init(
        _ found: String, fix: String, citation: String? = nil, outcome: RuleEntry.Outcome? = nil,
        reach: Reach = .routine
    ) {
        self.found = found
        self.fix = fix
        self.citation = citation
        self.outcome = outcome
        self.reach = reach
    }
}

extension [String] {
    /// `a`, `a and b`, `a, b and c`.
    var listed: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}
