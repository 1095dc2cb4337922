/// Every question that this version can decide, in the order in which findings are shown.
package enum RuleBook {
    package static let rules: [Rule] =
        AgreementRules.all + PurposeRules.all + BasisRules.all + SpecialCategoryRules.all + CriminalRules.all
        + OtherDataRules.all + LawEnforcementRules.all + AccuracyRules.all + HandlingRules.all + ContentRules.all

    /// Ids that a catalogue must hold: those above, and what only a recipient finds (`Admitting`).
    package static let ids: [String] = rules.map(\.id) + ["R-011v"]

    /// Questions whose answer matters to a recipient too: does it know these words?
    package static let vocabulary: Set<String> = ["R-000", "R-007"]
}
