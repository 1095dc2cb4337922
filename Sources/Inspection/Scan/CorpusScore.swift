package import Vocabulary

/// How well suggestions agree with the labels of a corpus, by category: `waybill` measures itself.
package struct CorpusScore: Hashable, Sendable {
    /// Right, wrong and missed suggestions of one category.
    package struct Row: Hashable, Sendable {
        package var right = 0
        package var wrong = 0
        package var missed = 0

        /// Of the suggestions, the share that was right; 1 if there were none.
        package var precision: Double { right + wrong == 0 ? 1 : Double(right) / Double(right + wrong) }
        /// Of the labels, the share that was suggested; 1 if there were none.
        package var recall: Double { right + missed == 0 ? 1 : Double(right) / Double(right + missed) }
    }

    package private(set) var rows: [String: Row] = [:]
    package private(set) var documents = 0

    package init() {}

    package mutating func add(suggested: Set<String>, labels: Set<String>) {
        documents += 1
        for category in suggested.union(labels) {
            switch (suggested.contains(category), labels.contains(category)) {
            case (true, true): rows[category, default: Row()].right += 1
            case (true, false): rows[category, default: Row()].wrong += 1
            default: rows[category, default: Row()].missed += 1
            }
        }
    }

    /// The corpus of `Bench/corpus`.
    ///
    /// - Parameters:
    ///   - manifest: Lines of a file name, a tab and the categories by spaces; lines that begin with `#` say nothing.
    ///   - text: The bytes of a file of the corpus.
    package static func measure(
        manifest: String, _ table: WordTable, today: CalendarDate, text: (_ file: String) throws -> [UInt8]
    ) rethrows -> CorpusScore {
        var score = CorpusScore()
        for line in manifest.split(separator: "\n") where line.first != "#" {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            let suggested = suggested(try text(String(fields[0])), table, today)
            let labels = fields.count > 1 ? fields[1].split(separator: " ").map(String.init) : []
            score.add(suggested: suggested, labels: Set(labels))
        }
        return score
    }

    private static func suggested(_ bytes: [UInt8], _ table: WordTable, _ today: CalendarDate) -> Set<String> {
        var scanner = Scanner(table, today: today)
        scanner.feed(bytes.span)
        return Set(scanner.finish().inspection(.checked, table.lexicon).suggested)
    }

    /// One line a category: `sc-health    precision 0.95  recall 0.92  (21 right, 1 wrong, 2 missed)`.
    package var table: String {
        rows.sorted { $0.key < $1.key }.map { category, row in
            let name = category + String(repeating: " ", count: max(1, 14 - category.utf8.count))
            return name + "precision \(Self.hundredths(row.precision))  recall \(Self.hundredths(row.recall))  "
                + "(\(row.right) right, \(row.wrong) wrong, \(row.missed) missed)"
        }.joined(separator: "\n")
    }

    private static func hundredths(_ share: Double) -> String {
        let value = Int((share * 100).rounded())
        return "\(value / 100).\(value % 100 < 10 ? "0" : "")\(value % 100)"
    }
}
