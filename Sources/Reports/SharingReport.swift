internal import Ledger
internal import Policy
internal import Vocabulary

/// Every decision to share or not to share, with the fields of the regulator's decision form (data sharing code of 5
/// October 2021, Annex B). What Waybill cannot know, it says.
///
/// What was received is not here: to share it was the sender's decision.
package struct SharingReport: Sendable {
    package private(set) var gate: LogGate
    private let context: ReportContext

    package init(_ context: ReportContext) {
        self.context = context
        gate = LogGate(context.use)
    }

    /// Nil for what was received, and for rows left out under s.62(4).
    package mutating func line(_ row: ReportRow) -> ReportLine? {
        guard row.sent, gate.admits(row) else { return nil }
        let form = DecisionForm(row: row, context: context)
        return ReportLine(identity(row) + form.request + form.law + form.arrangements + form.decision + evidence(row))
    }

    private func identity(_ row: ReportRow) -> [(String, Cell)] {
        [("id", .text(row.record.key.id.text)), ("state", .text(row.record.state.rawValue)), ("use", gate.mark(row))]
            + (context.withNames ? [("name", .text(row.record.name))] : [])
    }

    /// Beyond the form: what makes the decision checkable.
    private func evidence(_ row: ReportRow) -> [(String, Cell)] {
        [
            ("emergency", .text(row.label?.emergency?.reason)),
            ("emergencyReview", .text(Words.review(row.duties))),
            ("findings", .texts(row.decision.findings.map(Words.finding))),
            ("warnings", .texts(row.decision.warnings.map(Words.finding))),
            ("notFromRoute", .texts(notFromRoute(row))),
            ("catalogue", .text(row.label.map { "\($0.catalogue.version), SHA-256 \($0.catalogue.sha256.hex)" })),
            ("supersedes", .text(row.record.supersedes?.text)),
            ("incidents", .texts(row.incidents.map(\.id.text))),
        ]
    }

    private func notFromRoute(_ row: ReportRow) -> [String] {
        let changed = row.decision.origins.filter { $0.value != "route" }
        return changed.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    }
}
