package import Vocabulary

/// A decision as the ledger holds it, with what it was made from.
package struct PastDecision: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        case release, hold, block
    }

    /// What went, or was to go, and under what.
    package struct Sharing: Hashable, Sendable {
        package let label: Label
        package let sides: Share.Sides
        /// The very version that the label pins; nil where it is no longer known.
        package let agreement: Agreement?

        package init(_ label: Label, _ sides: Share.Sides, under agreement: Agreement?) {
            (self.label, self.sides, self.agreement) = (label, sides, agreement)
        }
    }

    package let id: ConsignmentID
    package let at: Instant
    package let decided: Outcome
    package let sharing: Sharing
    /// Version of the catalogue that it was made under.
    package var catalogue: String { sharing.label.catalogue.version }

    package init(id: ConsignmentID, at: Instant, _ decided: Outcome, of sharing: Sharing) {
        (self.id, self.at, self.decided, self.sharing) = (id, at, decided, sharing)
    }
}

/// What a new catalogue would have decided of past sharings. It is a thought and changes nothing: a decision stands
/// under the catalogue that it pins.
package struct DryRun: Hashable, Sendable {
    /// One decision that would be another.
    package struct Change: Hashable, Sendable {
        package let id: ConsignmentID
        package let at: Instant
        /// Version of the catalogue that decided.
        package let catalogue: String
        package let from: PastDecision.Outcome
        package let to: PastDecision.Outcome
        /// Why it would be held or blocked; where it would go, what would warn.
        package let findings: [Finding]
    }

    /// When the decisions are judged.
    package enum Day: Hashable, Sendable {
        /// Each on its own day.
        case own
        /// All at one moment, such as now.
        case at(Instant)
    }

    package let judged: Int
    /// In the order of the decisions.
    package let changes: [Change]

    package init(
        of decisions: [PastDecision], under catalogue: Catalogue, on day: Day = .own, here: Share.Here = Share.Here()
    ) {
        judged = decisions.count
        changes = decisions.compactMap { Self.change($0, catalogue, day, here) }
    }

    package var unchanged: Int { judged - changes.count }

    package func count(from: PastDecision.Outcome, to: PastDecision.Outcome) -> Int {
        changes.filter { $0.from == from && $0.to == to }.count
    }

    /// How many of the changed decisions each rule speaks in, most first.
    package var rules: [(rule: String, decisions: Int)] {
        let named = changes.flatMap { Set($0.findings.map(\.rule)) }
        let counts = Dictionary(named.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    private static func change(_ past: PastDecision, _ catalogue: Catalogue, _ day: Day, _ here: Share.Here) -> Change?
    {
        let moment = if case .at(let moment) = day { moment } else { past.at }
        let terms = Share.Terms(past.sharing.agreement, catalogue)
        let share = Share(past.sharing.label, past.sharing.sides, under: terms, at: moment, here: here)
        let (outcome, findings) = PolicyEngine.decide(share).parts
        guard outcome != past.decided else { return nil }
        return Change(
            id: past.id, at: past.at, catalogue: past.catalogue, from: past.decided, to: outcome, findings: findings)
    }
}

extension Decision {
    var parts: (PastDecision.Outcome, [Finding]) {
        switch self {
        case .release(let warnings): (.release, warnings)
        case .hold(let findings): (.hold, findings)
        case .block(let findings): (.block, findings)
        }
    }
}
