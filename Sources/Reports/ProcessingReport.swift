internal import Ledger
internal import Policy
internal import Vocabulary

/// The record of processing (UK GDPR 30; DPA 2018 s.61) with the fields of Schedule 1 paragraph 41 and s.42(4): one line
/// for each agreement, route, partner, direction and regime. Holds one entry for each such line, however many rows come.
package struct ProcessingReport: Sendable {
    package private(set) var gate: LogGate
    private let context: ReportContext
    private var entries: [Key: ProcessingEntry] = [:]

    package init(_ context: ReportContext) {
        self.context = context
        gate = LogGate(context.use)
    }

    /// What was never shared is no processing of this kind.
    package mutating func add(_ row: ReportRow) {
        guard row.decision.isShare(row), gate.admits(row) else { return }
        entries[Key(row), default: ProcessingEntry()].add(row, context)
    }

    package var lines: [ReportLine] {
        entries.sorted { $0.key < $1.key }.map { key, entry in line(key, entry) }
    }

    private func line(_ key: Key, _ entry: ProcessingEntry) -> ReportLine {
        let facts = context.agreements[key.agreement]
        return ReportLine(
            activity(key) + content(key, entry) + safeguards(entry, facts) + conditions(key, entry, facts)
                + part3(key, entry))
    }

    private struct Key: Hashable, Comparable {
        let agreement: String
        let route: String
        let partner: AgencyID
        let direction: Direction
        let isPart3: Bool

        init(_ row: ReportRow) {
            agreement = row.record.agreement
            route = row.record.route.text
            partner = row.record.key.partner
            direction = row.record.key.direction
            isPart3 = row.isPart3
        }

        private var order: [String] { [agreement, route, partner.text, direction.rawValue, isPart3 ? "1" : "0"] }
        static func < (a: Self, b: Self) -> Bool { a.order.lexicographicallyPrecedes(b.order) }
    }
}

extension ProcessingReport {
    private func activity(_ key: Key) -> [(String, Cell)] {
        let mark: Cell = key.isPart3 ? .text("s.62(4)\(gate.use.map { ": \($0.rawValue)" } ?? "")") : .none
        let joint = context.agreements[key.agreement]?.joint == true ? context.name(of: key.partner) : nil
        return [
            ("controller", .text(context.ourName)), ("controllerContact", .text(context.contact ?? Words.unknown)),
            ("dataProtectionOfficer", .text(context.dataProtectionOfficer ?? Words.unknown)),
            ("jointController", .text(joint)),
            ("agreement", .text(key.agreement)), ("route", .text(key.route)), ("partner", .text(key.partner.text)),
            ("direction", .text(key.direction.rawValue)), ("regime", .text(key.isPart3 ? "dpa-part-3" : "uk-gdpr")),
            ("use", mark),
        ]
    }

    private func content(_ key: Key, _ entry: ProcessingEntry) -> [(String, Cell)] {
        let sent = key.direction == .sent
        return [
            ("purposes", .sorted(entry.purposes)), ("subjectCategories", .sorted(entry.roles)),
            ("dataCategories", .sorted(entry.categories)),
            ("recipients", .text(sent ? context.name(of: key.partner) : context.ourName)),
            ("source", .text(sent ? nil : context.name(of: key.partner))),
            ("transfers", .texts(entry.transfers.isEmpty ? ["none recorded"] : entry.transfers.sorted())),
            ("consignments", .number(entry.count)), ("first", .time(entry.first)), ("last", .time(entry.last)),
        ]
    }

    private func safeguards(_ entry: ProcessingEntry, _ facts: AgreementFacts?) -> [(String, Cell)] {
        [
            ("retention", .sorted(entry.retention)),
            ("security", .texts([Words.security, facts?.security].compactMap { $0 } + entry.handling.sorted())),
            ("dpia", .text(facts?.dpia ?? Words.unknown)),
        ]
    }

    /// Schedule 1 paragraph 41: (a) the condition relied on, (b) how Article 6 is satisfied, (c) whether the policy on
    /// retention is followed and, if not, why.
    private func conditions(_ key: Key, _ entry: ProcessingEntry, _ facts: AgreementFacts?) -> [(String, Cell)] {
        [
            ("article6", .sorted(entry.article6)), ("gateways", .sorted(entry.gateways)),
            ("conditionsReliedOn", .sorted(entry.conditions)),
            ("policyDocument", .text(Words.policyDocument(facts?.policyDocument))),
            ("retentionPolicyFollowed", .text(entry.retentionWords)),
            ("withoutRetention", .number(entry.withoutRetention)), ("pastReview", .number(entry.pastReview)),
        ]
    }

    /// DPA 2018 ss.42(4) and 61(2).
    private func part3(_ key: Key, _ entry: ProcessingEntry) -> [(String, Cell)] {
        let names = ["section35", "schedule8", "lawEnforcementPurposes", "profiling"]
        guard key.isPart3 else { return names.map { ($0, Cell.none) } }
        return [
            ("section35", .text("based on the law named; necessary for the reason in each waybill")),
            ("schedule8", .sorted(entry.schedule8)), ("lawEnforcementPurposes", .sorted(entry.lawEnforcement)),
            ("profiling", .text("none by Waybill")),
        ]
    }
}
