/// From counts to finds and suggestions: the scoring of the law's section 6.
extension Tally {
    /// No count in a find is higher.
    package static let most = 1000

    /// - Parameter lexicon: the one that the scanner's table was made of.
    package func inspection(_ outcome: Inspection.Outcome, _ lexicon: Lexicon) -> Inspection {
        var finds: [Inspection.Find] = []
        var suggested: Set<String> = []
        for kind in IdentifierKind.allCases {
            guard let (confidence, count) = worth(kind) else { continue }
            let category = kind.category
            finds.append(
                .init(kind: kind.rawValue, category: category, confidence: confidence, count: min(count, Self.most)))
            if confidence >= kind.suggestsFrom { suggested.insert(category) }
        }
        let isPatient = finds.contains { $0.kind == IdentifierKind.nhsNumber.rawValue }
        for (family, tally) in zip(lexicon.families, families) where tally.hits > 0 {
            let score = tally.peak + (isPatient ? Self.patientHint(family) : 0)
            let confidence = Self.confidence(score, family.threshold)
            finds.append(
                .init(
                    kind: family.id, category: family.category, confidence: confidence,
                    count: min(tally.hits, Self.most)))
            if score >= family.threshold, !family.isMarker { suggested.insert(family.category) }
        }
        return Inspection(outcome, finds: finds.sorted { $0.kind < $1.kind }, suggested: suggested.sorted())
    }

    /// An NHS number makes one weak word of health enough.
    static func patientHint(_ family: Lexicon.Family) -> Int { family.category == "sc-health" ? 2 : 0 }

    private static func confidence(_ score: Int, _ threshold: Int) -> Inspection.Confidence {
        score >= 2 * threshold ? .high : score >= threshold ? .medium : .low
    }

    /// What the finds of a kind come to; nil if chance explains them.
    private func worth(_ kind: IdentifierKind) -> (Inspection.Confidence, Int)? {
        let (low, medium, high) = (count(kind, .low), count(kind, .medium), count(kind, .high))
        let sum = low + medium + high
        if high > 0 { return (.high, sum) }
        switch kind {
        case .nhsNumber, .learnerNumber:
            // One in eleven random numbers passes: alone, there must be several, and most must pass.
            return medium >= 2 && medium * 2 >= tenDigits ? (.medium, medium) : nil
        case .birthDate where birthColumns > 0 && bareDates > 0: return (.low, bareDates)
        case .childBirthDate where birthColumns > 0 && bareChildDates > 0: return (.low, bareChildDates)
        default: return medium > 0 ? (.medium, sum) : low > 0 ? (.low, low) : nil
        }
    }
}
