internal import Ledger
internal import Policy
internal import Vocabulary

/// Are we over-sharing? Counts by category, recipient and purpose, and the rates that show it. Bounded by the number of
/// distinct keys, never by the number of rows.
package struct CountsReport: Sendable {
    package private(set) var gate: LogGate
    private let context: ReportContext
    private var counts: [Key: Int64] = [:]

    package init(_ context: ReportContext) {
        self.context = context
        gate = LogGate(context.use)
    }

    /// What a line counts. The raw values stand in the report.
    private enum Measure: String, CaseIterable {
        case shared
        case decisions, sharedFiles = "shared-files", emergency, override, rejected, held, blocked, recalled
        case checked, notChecked = "not-checked"
        case suggestedApplied = "suggested-and-applied", suggestedOnly = "suggested-not-applied"
        case appliedOnly = "applied-not-suggested"
        case retentionMissing = "retention-missing", pastReview = "agreement-past-review"

        /// Against what its rate is reckoned.
        var base: Measure? {
            switch self {
            case .emergency, .override, .retentionMissing: .sharedFiles
            case .rejected, .held, .blocked, .recalled, .notChecked: .decisions
            case .suggestedApplied, .suggestedOnly, .appliedOnly: .checked
            case .shared, .decisions, .sharedFiles, .checked, .pastReview: nil
            }
        }
    }

    private struct Key: Hashable, Comparable {
        let measure: Measure
        var category = ""
        var partner = ""
        var purpose = ""
        var agreement = ""

        private var order: [String] { [category, partner, purpose, agreement] }
        static func < (a: Self, b: Self) -> Bool { a.order.lexicographicallyPrecedes(b.order) }
    }

    /// Only our own decisions count; what was received is the senders' to count.
    package mutating func add(_ row: ReportRow) {
        guard row.sent, gate.admits(row) else { return }
        count(.decisions)
        switch row.decision.outcome {
        case .recalled: count(.recalled)
        case .rejected: count(.rejected)
        case .held: count(.held)
        case .blocked: count(.blocked)
        case .released, .received: break
        }
        if row.decision.isShare(row) { addShared(row) }
        addInspection(row)
    }

    private mutating func count(_ measure: Measure, if condition: Bool = true) {
        if condition { count(Key(measure: measure)) }
    }

    private mutating func count(_ key: Key) { counts[key, default: 0] += 1 }
}

extension CountsReport {
    private mutating func addShared(_ row: ReportRow) {
        count(.sharedFiles)
        count(.emergency, if: row.record.isEmergency || row.label?.emergency != nil)
        count(.override, if: row.decision.isOverride)
        count(.retentionMissing, if: row.label != nil && row.label?.retention == nil)
        for category in row.categories {
            count(
                Key(measure: .shared, category: category, partner: row.record.key.partner.text, purpose: row.purpose))
        }
        if let review = context.agreement(row)?.reviewBy, let day = row.day, review < day {
            count(Key(measure: .pastReview, agreement: row.record.agreement))
        }
    }

    /// Suggested beside applied, for what was read whole: what was not read cannot disagree.
    private mutating func addInspection(_ row: ReportRow) {
        guard let check = row.decision.inspection else { return }
        guard check.complete else { return count(.notChecked) }
        count(.checked)
        let (suggested, applied) = (Set(check.suggested), Set(row.categories))
        for category in suggested.union(applied) {
            let measure = Self.measure(suggested.contains(category), applied.contains(category))
            count(Key(measure: measure, category: category))
        }
    }

    private static func measure(_ isSuggested: Bool, _ isApplied: Bool) -> Measure {
        guard isApplied else { return .suggestedOnly }
        return isSuggested ? .suggestedApplied : .appliedOnly
    }
}

extension CountsReport {
    package var lines: [ReportLine] {
        Measure.allCases.flatMap { measure in
            rows(measure).map { key, count in line(key, count) }
        } + overdueAgreements
    }

    /// Totals are there even where nothing was counted; lists only hold what was.
    private func rows(_ measure: Measure) -> [(Key, Int64)] {
        let found = counts.filter { $0.key.measure == measure }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        guard found.isEmpty, Self.totals.contains(measure) else { return found }
        return [(Key(measure: measure), 0)]
    }

    private static let totals: Set<Measure> = [
        .decisions, .sharedFiles, .emergency, .override, .rejected, .held, .blocked, .recalled, .checked, .notChecked,
        .retentionMissing,
    ]

    private func line(_ key: Key, _ count: Int64) -> ReportLine {
        let all = key.measure.base.map { counts[Key(measure: $0)] ?? 0 }
        var row = Row(key.measure.rawValue)
        (row.category, row.partner, row.purpose) = (key.category, key.partner, key.purpose)
        (row.agreement, row.count) = (key.agreement, .number(count))
        row.all = all.map { .number($0) } ?? .none
        row.rate = .text(all.flatMap { Words.percent(count, of: $0) })
        return row.line
    }

    /// Agreements whose review is overdue today, whether or not anything went under them.
    private var overdueAgreements: [ReportLine] {
        let late = context.agreements.filter { $0.value.reviewBy.map { $0 < context.today } ?? false }
        return late.sorted { $0.key < $1.key }.map { id, facts in
            var row = Row("agreement-review-overdue")
            (row.agreement, row.since) = (id, .day(facts.reviewBy))
            return row.line
        }
    }

    /// One line of the report, before it is one.
    private struct Row {
        let measure: String
        var (category, partner, purpose, agreement) = ("", "", "", "")
        var (count, all, rate, since) = (Cell.none, Cell.none, Cell.none, Cell.none)

        init(_ measure: String) { self.measure = measure }

        var line: ReportLine {
            func text(_ text: String) -> Cell { text.isEmpty ? .none : .text(text) }
            return ReportLine([
                ("measure", .text(measure)), ("category", text(category)), ("recipient", text(partner)),
                ("purpose", text(purpose)), ("agreement", text(agreement)), ("count", count), ("of", all),
                ("rate", rate), ("since", since),
            ])
        }
    }
}
