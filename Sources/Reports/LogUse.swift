internal import Ledger
internal import Policy
internal import Vocabulary

/// The only uses to which the record of law-enforcement processing may be put (DPA 2018 s.62(4)).
package enum LogUse: String, Hashable, Sendable, CaseIterable {
    /// To verify the lawfulness of processing.
    case lawfulness
    /// To assist with self-monitoring, which includes internal disciplinary proceedings.
    case selfMonitoring = "self-monitoring"
    /// To ensure the integrity and security of personal data.
    case integritySecurity = "integrity-security"
    case criminalProceedings = "criminal-proceedings"

    static let citation = "DPA 2018 s.62(4)"
}

/// Lets rows under Part 3 into a report only for a stated use, and counts those that stay out.
package struct LogGate: Hashable, Sendable {
    package let use: LogUse?
    package private(set) var leftOut: Int64 = 0

    package init(_ use: LogUse?) { self.use = use }

    mutating func admits(_ row: ReportRow) -> Bool {
        guard row.isPart3, use == nil else { return true }
        leftOut += 1
        return false
    }

    /// The mark of a row: empty where the row is under the UK GDPR.
    func mark(_ row: ReportRow) -> Cell {
        guard row.isPart3 else { return .none }
        return .text("s.62(4)\(use.map { ": \($0.rawValue)" } ?? "")")
    }

    /// For the reader; nil where nothing was left out.
    package var words: String? {
        guard leftOut > 0 else { return nil }
        let rows = leftOut == 1 ? "1 row is" : "\(leftOut) rows are"
        let uses = LogUse.allCases.map(\.rawValue).joined(separator: ", ")
        return "\(rows) left out: processed for law enforcement, so that the record may be used for four purposes only "
            + "(\(LogUse.citation)). If yours is one of them, say so with --use: \(uses)."
    }
}

extension ReportRow {
    /// Under our own regime. A row that does not say is judged by its label.
    package var isPart3: Bool {
        (record.regime.isEmpty ? label?.basis.regime ?? "" : record.regime) == "dpa-part-3"
    }
}
