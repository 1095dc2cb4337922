package import Vocabulary

/// What every rule in force that day said of a share.
package struct Judgement: Hashable, Sendable {
    package private(set) var blocks: [Finding] = []
    package private(set) var holds: [Finding] = []
    package private(set) var warnings: [Finding] = []
    /// The law that the sender was judged under, and the law under which the recipient takes the file.
    package let regimes: Regimes
    private let isEmergency: Bool

    package struct Regimes: Hashable, Sendable {
        package let sender: Regime
        package let recipient: Regime

        init(of share: Share) {
            sender = share.regime(of: share.sender)
            recipient = share.regime(of: share.recipient)
        }
    }

    package init(of share: Share, rules: [Rule] = RuleBook.rules) {
        isEmergency = share.label.emergency != nil
        regimes = Regimes(of: share)
        for rule in rules {
            switch share.catalogue.rule(rule.id, on: share.date) {
            case .inForce(let law): add(law, rule.question(share))
            case .missing: holds.append(Self.missing(rule.id))
            case .outsideItsDates: break
            }
        }
    }

    /// An emergency turns what would hold or block it into warnings for the review that follows; only what is final
    /// stops it (protocol 4.2).
    package var decision: Decision {
        if !blocks.isEmpty { return .block(blocks) }
        if isEmergency { return .release(warnings: holds + warnings) }
        return holds.isEmpty ? .release(warnings: warnings) : .hold(holds)
    }

    /// What an emergency left open and somebody owes afterwards; empty for any other file.
    package var deferred: [Finding] { isEmergency && blocks.isEmpty ? holds : [] }

    private mutating func add(_ law: RuleEntry, _ shortfalls: [Shortfall]) {
        for shortfall in shortfalls {
            let outcome = shortfall.outcome ?? law.outcome
            let isFinal = outcome != .warn && shortfall.reach == .everything && RuleBook.final.contains(law.id)
            let finding = law.finding(shortfall, isFinal: isFinal)
            switch outcome {
            case .warn: warnings.append(finding)
            case .block where !isEmergency || isFinal, .hold where isEmergency && isFinal: blocks.append(finding)
            case .block, .hold: holds.append(finding)
            }
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
    func finding(_ shortfall: Shortfall, isFinal: Bool = false) -> Finding {
        Finding(
            rule: id, citation: shortfall.citation ?? citation, found: shortfall.found, fix: shortfall.fix,
            isFinal: isFinal)
    }
}
