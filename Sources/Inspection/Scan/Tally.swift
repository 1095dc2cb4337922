/// What scanners counted: numbers only. Tallies of the slices of a file, or of its parts, add up.
package struct Tally: Hashable, Sendable {
    struct Family: Hashable {
        var hits = 0
        /// The most that different words within one window weighed.
        var peak = 0
    }

    /// By kind and confidence.
    private var counts = [Int](
        repeating: 0, count: IdentifierKind.allCases.count * Inspection.Confidence.allCases.count)
    var families: [Family]
    /// Numbers of ten digits, identifiers or not: what share of them passes tells chance from a column of numbers.
    var tenDigits = 0
    /// Days without a word beside them, and those that would make a child.
    var bareDates = 0
    var bareChildDates = 0
    /// A word for birth alone in its cell: the head of a column.
    var birthColumns = 0

    package init(_ lexicon: Lexicon) { families = Array(repeating: Family(), count: lexicon.families.count) }

    mutating func add(_ kind: IdentifierKind, _ confidence: Inspection.Confidence) {
        counts[Self.index(kind, confidence)] += 1
    }

    func count(_ kind: IdentifierKind, _ confidence: Inspection.Confidence) -> Int {
        counts[Self.index(kind, confidence)]
    }

    func count(_ kind: IdentifierKind) -> Int { count(kind, .low) + count(kind, .medium) + count(kind, .high) }

    private static func index(_ kind: IdentifierKind, _ confidence: Inspection.Confidence) -> Int {
        let level =
            switch confidence {
            case .low: 0
            case .medium: 1
            case .high: 2
            }
        return kind.index * 3 + level
    }

    /// Both must come of the same lexicon.
    package mutating func merge(_ other: Tally) {
        for index in counts.indices { counts[index] += other.counts[index] }
        for index in families.indices where index < other.families.count {
            families[index].hits += other.families[index].hits
            families[index].peak = max(families[index].peak, other.families[index].peak)
        }
        tenDigits += other.tenDigits
        bareDates += other.bareDates
        bareChildDates += other.bareChildDates
        birthColumns += other.birthColumns
    }

    package static func merge(_ tallies: some Sequence<Tally>, _ lexicon: Lexicon) -> Tally {
        tallies.reduce(into: Tally(lexicon)) { $0.merge($1) }
    }
}
