/// The law's half of a rule: what it is called, where it stands, what follows, and on which days. The question itself
/// is a pure function under the same id in `RuleBook`.
package struct RuleEntry: InForce, Hashable, Sendable {
    package let id: String
    package let citation: String
    package let outcome: Outcome
    /// The rule in one sentence.
    package let says: String
    package let validity: Validity

    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// Cannot be released, not even in an emergency.
        case block
        /// A named person must release it.
        case hold
        case warn
    }

    package init(
        id: String, citation: String, outcome: Outcome, says: String, validity: Validity = Validity()
    ) {
        self.id = id
        self.citation = citation
        self.outcome = outcome
        self.says = says
        self.validity = validity
    }
}
