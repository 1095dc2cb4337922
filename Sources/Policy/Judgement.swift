package import Vocabulary

/// What every rule in force that day said of a share.
package struct Judgement: Hashable, Sendable {
    package private(set) var blocks: [Finding] = []
    package private(set) var holds: [Finding] = []
    package private(set) var warnings: [Finding] = []
    private let isEmergency: Bool

    package init(of share: Share, rules: [Rule] = RuleBook.rules) {
        isEmergency = share.label.emergency != nil
        for rule in rules {
            switch share.catalogue.rule(rule.id, on: share.date) {
            case .inForce(let law): add(law, rule.question(share))
            case .missing: holds.append(Self.missing(rule.id))
            case .outsideItsDates: break
            }
        }
    }

    /// An emergency turns what would hold into warnings for the review that follows; only a block stops it.
    package var decision: Decision {
        if !blocks.isEmpty { return .block(blocks) }
        if isEmergency { return .release(warnings: holds + warnings) }
        return holds.isEmpty ? .release(warnings: warnings) : .hold(holds)
    }

    private mutating func add(_ law: RuleEntry, _ shortfalls: [Shortfall]) {
        let findings = shortfalls.map { law.finding($0) }
        switch law.outcome {
        case .block: blocks += findings
        case .hold: holds += findings
        case .warn: warnings += findings
        }
    }

    /// A catalogue that lost a rule must not let through what the rule would have held.
    private static func missing(_ id: String) -> Finding {
        Finding(
            rule: id, citation: "catalogue", found: "The catalogue does not hold rule \(id).",
            fix: "Ask the administrator to restore the shipped catalogue file.")
    }
}

extension RuleEntry {
    func finding(_ shortfall: Shortfall) -> Finding {
        Finding(rule: id, citation: citation, found: shortfall.found, fix: shortfall.fix)
    }
}
