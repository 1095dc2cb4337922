/// What a look into a file suggests: kinds and counts, never the matched text. It suggests; people and agreements decide.
package struct Inspection: Hashable, Sendable {
    /// How much of the file was read.
    package enum Outcome: Hashable, Sendable {
        case checked
        /// Some of it, and why not all.
        case partly(String)
        /// None of it, and why: no extractor, a damaged file, a time limit. Never a stop.
        case notChecked(String)
    }

    /// How sure one kind of find is: an identifier with a good check digit and a word beside it is `high`, with a check
    /// digit alone `medium`, a shape alone `low`.
    package enum Confidence: String, Hashable, Comparable, Sendable, CaseIterable {
        case low, medium, high

        package static func < (a: Self, b: Self) -> Bool {
            allCases.firstIndex(of: a) ?? 0 < allCases.firstIndex(of: b) ?? 0
        }
    }

    /// One kind of find.
    package struct Find: Hashable, Sendable {
        /// An identifier such as `nhs-number`, or a family of words such as `health-words`.
        package let kind: String
        /// The category of the catalogue that it speaks for.
        package let category: String
        package let confidence: Confidence
        /// Counted up to 1,000.
        package let count: Int

        package init(kind: String, category: String, confidence: Confidence, count: Int) {
            self.kind = kind
            self.category = category
            self.confidence = confidence
            self.count = count
        }
    }

    package let outcome: Outcome
    /// Sorted by kind.
    package let finds: [Find]
    /// Categories worth suggesting, sorted: those for which the finds weigh enough.
    package let suggested: [String]

    package init(_ outcome: Outcome, finds: [Find] = [], suggested: [String] = []) {
        self.outcome = outcome
        self.finds = finds
        self.suggested = suggested
    }
}
