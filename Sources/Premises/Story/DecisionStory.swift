internal import Exchange
package import Ledger
package import Policy
package import Reports
package import Vocabulary

/// Who decided what about one consignment, as its events tell it: for reports and for dry runs. Pure.
package struct DecisionStory: Sendable {
    package let record: ConsignmentRecord
    /// As signed by the sender; nil before it was signed, or once erased.
    package let waybill: Waybill?
    private let steps: [Step]

    private struct Step {
        let kind: EventKind
        let at: Instant
        /// Empty once erased.
        let facts: [String: JSON]
        let isSigned: Bool
        let isErased: Bool
    }

    package init(_ history: History) { self.init(history, waybill: history.waybill) }

    package init(_ history: History, waybill: Waybill?) {
        record = history.record
        self.waybill = waybill
        steps = history.events.map { event in
            let told = Told(event)
            return Step(
                kind: event.leaf.kind, at: event.leaf.at, facts: told?.facts ?? [:], isSigned: told?.signed != nil,
                isErased: told == nil)
        }
    }

    /// The waybill's; of what was never signed, the label that was judged.
    package var label: Label? { waybill?.label ?? last(.held, .blocked).flatMap(Self.label) }

    /// Nil for a file on which nothing has been decided yet.
    package var decision: DecisionFacts? {
        guard var facts = record.key.direction == .sent ? sent : received else { return nil }
        facts.findings = Self.findings(last(.held, .blocked)?.facts["findings"])
        facts.warnings = Self.findings(last(.released)?.facts["warnings"])
        facts.detriment = facts.outcome == .rejected ? last(.rejected).flatMap(Self.detriment) : nil
        facts.inspection = inspection.map(Self.inspected)
        facts.origins = (newest("origins")?.members ?? [:]).compactMapValues(\.string).filter { $0.value != "route" }
        return facts
    }

    /// What the newest look into the content came to, as the ledger keeps it; nil where nobody looked.
    package var inspection: JSON? { newest("inspection") }

    /// A recalled consignment of which no byte left has no time at which it was sent.
    package var told: ConsignmentRecord {
        guard let recall = last(.recalled), !recall.isSigned, !recall.isErased else { return record }
        var record = record
        record.sentAt = nil
        return record
    }
}

extension DecisionStory {
    private static let outcomes: [EventKind: DecisionFacts.Outcome] = [
        .released: .released, .held: .held, .blocked: .blocked, .rejected: .rejected, .recalled: .recalled,
    ]

    private func last(_ kinds: EventKind...) -> Step? { steps.last { kinds.contains($0.kind) } }
    private func newest(_ fact: String) -> JSON? { steps.last { $0.facts[fact] != nil }?.facts[fact] }

    private var sent: DecisionFacts? {
        guard let step = steps.last(where: { Self.outcomes[$0.kind] != nil }), let outcome = Self.outcomes[step.kind]
        else { return nil }
        let by = step.facts["by"]?.string ?? (record.decidedBy.isEmpty ? "route" : record.decidedBy)
        let because = step.facts["because"]?.string
        guard outcome == .recalled else { return DecisionFacts(outcome, by: by, at: step.at, because: because) }
        let release = last(.released)
        let reasons = [release?.facts["because"]?.string, because.map { "asked back: \($0)" }].compactMap { $0 }
        return DecisionFacts(
            .recalled, by: release?.facts["by"]?.string ?? by, at: release?.at ?? step.at,
            because: reasons.isEmpty ? nil : reasons.joined(separator: "; "))
    }

    /// The sender's decision; what we did not take, or they took back, was never shared.
    private var received: DecisionFacts {
        let at = last(.received, .declined, .abandoned)?.at ?? steps.last?.at
        switch record.state {
        case .refused: return DecisionFacts(.rejected, by: "admission", at: at, because: record.why)
        case .withdrawn:
            return DecisionFacts(
                .rejected, by: "partner:\(record.key.partner)", at: at, because: "withdrawn by the sender")
        default: return DecisionFacts(.received, by: label?.decidedBy ?? "route", at: at)
        }
    }

    private static func label(_ step: Step) -> Label? { step.facts["label"].flatMap { try? Label($0) } }

    private static func findings(_ json: JSON?) -> [Finding] { (json?.items ?? []).compactMap { try? Finding($0) } }

    private static func inspected(_ json: JSON) -> DecisionFacts.Inspected {
        .init(
            complete: json["outcome"]?.string == "checked",
            suggested: (json["suggested"]?.items ?? []).compactMap(\.string))
    }

    /// Nil where nobody was asked for the test.
    private static func detriment(_ step: Step) -> String? {
        guard let test = step.facts["test"]?.string, test != NotSharing.notRecorded else { return nil }
        return NotSharing(rawValue: test)?.words ?? test
    }
}

extension DecisionStory {
    /// What policy itself decided, before any person did: what a dry run compares with. Nil where no label is left, or
    /// where something else than policy's rules decided.
    package var judged: Judged? {
        let unsigned = steps.prefix { $0.kind != .signed }
        guard let stop = unsigned.last(where: { $0.kind == .held || $0.kind == .blocked }) else { return released }
        let rules = Self.findings(stop.facts["findings"]).map(\.rule)
        guard let label = Self.label(stop), !rules.isEmpty, rules.allSatisfy(RuleBook.ids.contains) else { return nil }
        return Judged(at: stop.at, label: label, outcome: stop.kind == .blocked ? .block : .hold)
    }

    private var released: Judged? {
        guard let waybill, let step = last(.released) else { return nil }
        return Judged(at: step.at, label: waybill.label, outcome: .release)
    }

    package struct Judged: Hashable, Sendable {
        package let at: Instant
        package let label: Label
        package let outcome: PastDecision.Outcome
    }

    /// Nil also where the very version of the agreement is no longer loaded: its absence would decide, not the law.
    package func past(from us: AgencyID, under agreements: [Agreement]) -> PastDecision? {
        guard record.key.direction == .sent, let judged,
            let agreement = agreements.first(where: { $0.pinned == judged.label.agreement })
        else { return nil }
        let sides = Share.Sides(from: us, to: record.key.partner)
        return PastDecision(
            id: record.key.id, at: judged.at, judged.outcome, of: .init(judged.label, sides, under: agreement))
    }
}
