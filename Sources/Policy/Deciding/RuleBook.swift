/// Every question that this version can decide, in the order in which findings are shown.
package enum RuleBook {
    package static let rules: [Rule] =
        AgreementRules.all + PurposeRules.all + BasisRules.all + SpecialCategoryRules.all + CriminalRules.all
        + OtherDataRules.all + LawEnforcementRules.all + AccuracyRules.all + HandlingRules.all + ContentRules.all

    /// Ids that a catalogue must hold: those above, and what only a recipient finds (`Admitting`).
    package static let ids: [String] = rules.map(\.id) + ["R-011v"]

    /// The only rules that can stop an emergency, and whom: an organisation that has ended (nobody reads it there), and
    /// what binds just this sender under pain of punishment (fertility treatment, 1990 Act s.33A, a licensed centre).
    /// Wrong keys and signatures are no question of policy. A test asks every rule of the catalogue.
    package static let final: Set<String> = ["R-015", "R-013"]

    /// Questions whose answer matters to a recipient too: does it know these words?
    package static let vocabulary: Set<String> = ["R-000", "R-007"]
}
