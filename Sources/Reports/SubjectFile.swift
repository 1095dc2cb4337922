internal import Ledger
internal import Policy
internal import Vocabulary

/// Everything sent and received about one person, for access requests and case reviews (UK GDPR 15; `waybill find`).
package struct SubjectFile: Sendable {
    package let reference: String
    package private(set) var gate: LogGate
    private let context: ReportContext

    package init(reference: String, _ context: ReportContext) {
        self.reference = reference
        self.context = context
        gate = LogGate(context.use)
    }

    /// Nil for a row that is about somebody else, or left out under s.62(4).
    package mutating func line(_ row: ReportRow) -> ReportLine? {
        guard row.record.cases.contains(reference) || !rows(of: row).isEmpty, gate.admits(row) else { return nil }
        return ReportLine(way(row) + content(row) + law(row) + owed(row))
    }

    private func rows(of row: ReportRow) -> [Label.Subject] {
        row.label?.subjects.filter { $0.ref == reference } ?? []
    }

    private func way(_ row: ReportRow) -> [(String, Cell)] {
        [
            ("id", .text(row.record.key.id.text)), ("direction", .text(row.record.key.direction.rawValue)),
            ("from", .text(context.from(row).text)), ("to", .text(context.to(row).text)),
            ("state", .text(row.record.state.rawValue)), ("claimedAt", .time(row.record.claimedAt)),
            ("sentAt", .time(row.record.sentAt)), ("deliveredAt", .time(row.record.deliveredAt)),
        ] + (context.withNames ? [("name", .text(row.record.name))] : [])
    }

    private func content(_ row: ReportRow) -> [(String, Cell)] {
        let about = rows(of: row)
        return [
            ("purpose", .text(row.purpose)), ("categories", .texts(row.categories)),
            ("role", .texts(about.map(\.role))), ("informed", .texts(about.map { Words.informed($0.informed) })),
            ("origin", .text(row.label?.origin)), ("asOf", .day(row.label?.asOf)), ("nature", .text(row.label?.nature)),
            ("accuracy", .text(row.label?.accuracy)), ("caveats", .texts(row.label?.handling.caveats ?? [])),
            ("retention", .text(Words.retention(row.label))),
        ]
    }

    private func law(_ row: ReportRow) -> [(String, Cell)] {
        let basis = row.label?.basis
        return [
            ("regime", .text(row.isPart3 ? "dpa-part-3" : "uk-gdpr")), ("use", gate.mark(row)),
            ("basis", .texts(basis?.article6 ?? row.record.basis)), ("gateways", .texts(basis?.gateways ?? [])),
            ("conditions", .texts(basis.map { $0.article9 + $0.schedule1 + $0.schedule8 } ?? [])),
            ("agreement", .text(row.record.agreement)), ("catalogue", .text(row.label?.catalogue.version)),
            ("decision", .text(row.decision.outcome.rawValue)), ("decidedBy", .text(row.decision.by)),
            ("findings", .texts((row.decision.findings + row.decision.warnings).map(Words.finding))),
        ]
    }

    private func owed(_ row: ReportRow) -> [(String, Cell)] {
        let open = row.duties.filter { duty in
            duty.isOpen && duty.kind != .collection && !Duty.Kind.errands.contains(duty.kind)
                && (duty.subject == nil || duty.subject == reference)
        }
        return [
            ("openDuties", .texts(open.map(Words.duty))), ("incidents", .texts(row.incidents.map(\.id.text))),
            ("supersedes", .text(row.record.supersedes?.text)),
            ("supersededBy", .texts(row.supersededBy.map(\.text))), ("beforeAnswering", .texts(checks(row))),
            ("recipientSays", .texts(row.later.filter { !$0.kind.isSenders }.map(Words.later))),
        ]
    }

    /// What stands between this row and an answer to the person (DPA 2018 Sch 2 para 16, Sch 3 paras 5-6 and 11).
    private func checks(_ row: ReportRow) -> [String] {
        var checks: [String] = []
        if row.label?.subjects.contains(where: { $0.ref != reference }) ?? (row.record.cases.count > 1) {
            checks.append("names other people: Sch 2 para 16")
        }
        if row.categories.contains("sc-health") {
            checks.append("health data: a health professional's opinion, at most 6 months old (Sch 3 para 6)")
        }
        if let caveats = row.label?.handling.caveats, !caveats.isEmpty {
            checks.append("handling: \(caveats.joined(separator: ", "))")
        }
        return checks
    }
}
