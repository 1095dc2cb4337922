package import Policy
package import Vocabulary

/// A sharing and what policy must say of it.
package struct PolicyCase: Sendable {
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// Goes without a word; the rules that the case names were asked and are content.
        case release
        /// Goes, and the rules that the case names, no others, have something to say.
        case warn
        /// Waits for a person because of the rules that the case names, and no others. Warnings beside them do not
        /// count.
        case hold
        /// Never goes, because of the rules that the case names, and no others.
        case block
    }

    /// Where it stands.
    package struct Place: Sendable {
        /// The case in words.
        package let name: String
        /// In the file, from 1.
        package let line: Int
    }

    /// What is shared.
    struct Sharing: Sendable {
        let day: CalendarDate
        let sides: Share.Sides
        let route: RouteName
        let sideCar: Reading<LabelOverride>?
        var changes = AgreementChanges()
        /// What the content check would have suggested.
        var suggested: [String] = []
        /// What the sender is by its settings.
        var offices: Set<Share.Office> = []
        /// Partners of one's own that only the cases know (protocol 3.2).
        var partners: [Organisation] = []
    }

    /// What policy must say of it.
    package struct Expectation: Sendable {
        package let outcome: Outcome
        package let rules: [String]
        /// The recipient's regime, where the case says it.
        package let receivedUnder: Regime?
    }

    package let place: Place
    let sharing: Sharing
    package let expectation: Expectation

    init(_ place: Place, _ sharing: Sharing, expects expectation: Expectation) {
        (self.place, self.sharing, self.expectation) = (place, sharing, expectation)
    }

    package var name: String { place.name }
    package var line: Int { place.line }
    package var expected: Outcome { expectation.outcome }
    package var rules: [String] { expectation.rules }
}

extension PolicyCase {
    /// What policy says, and the regime under which the recipient takes the file; nil where no agreement has the route.
    package func judged(catalogue: Catalogue, agreements: [Agreement]) -> (decision: Decision, recipient: Regime?)? {
        guard let loaded = agreements.first(where: { $0.route(sharing.route) != nil }) else { return nil }
        let agreement = sharing.changes.applied(to: loaded, route: sharing.route)
        guard let route = agreement.route(sharing.route) else { return nil }
        if let sideCar = sharing.sideCar, sideCar.value == nil { return (.hold(sideCar.findings), nil) }
        let law = catalogue.with { $0.organisations += sharing.partners }
        let label = Labelling(under: agreement, law, at: noon).label(
            route, sideCar: sharing.sideCar?.value, suggested: sharing.suggested
        ).label
        let judgement = PolicyEngine.judge(
            Share(
                label, sharing.sides, under: Share.Terms(agreement, law), at: noon,
                here: Share.Here(offices: sharing.offices)))
        return (judgement.decision, judgement.regimes.recipient)
    }

    /// Nil where policy says what the case expects.
    package func run(catalogue: Catalogue, agreements: [Agreement]) -> CaseMismatch? {
        guard let judged = judged(catalogue: catalogue, agreements: agreements) else {
            return CaseMismatch(self, actual: "no agreement has route \(sharing.route)", findings: [])
        }
        let (outcome, findings) = Self.read(judged.decision)
        guard outcome == expected, outcome == .release || Set(findings.map(\.rule)) == Set(rules) else {
            return CaseMismatch(self, actual: outcome.rawValue, findings: findings)
        }
        guard let receivedUnder = expectation.receivedUnder, receivedUnder != judged.recipient else { return nil }
        let actual = judged.recipient?.rawValue ?? "no regime"
        return CaseMismatch(self, actual: "\(outcome.rawValue), received under \(actual)", findings: findings)
    }

    private var noon: Instant { sharing.day.start.adding(seconds: 12 * 3600) }

    private static func read(_ decision: Decision) -> (Outcome, [Finding]) {
        switch decision {
        case .release(let warnings): (warnings.isEmpty ? .release : .warn, warnings)
        case .hold(let findings): (.hold, findings)
        case .block(let findings): (.block, findings)
        }
    }
}

/// A case that policy does not bear out.
package struct CaseMismatch: Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package let line: Int
    package let expected: String
    package let actual: String
    package let findings: [Finding]

    init(_ policyCase: PolicyCase, actual: String, findings: [Finding]) {
        (name, line) = (policyCase.name, policyCase.line)
        expected = policyCase.expected.rawValue + Self.listed(policyCase.rules)
        self.actual = actual + Self.listed(findings.map(\.rule))
        self.findings = findings
    }

    /// `line 12: a council sends ...: expected hold [R-020], got release []`, then one line for each finding.
    package var description: String {
        let said = findings.map { "\n    \($0.rule): \($0.found) \($0.fix)" }.joined()
        return "line \(line): \(name): expected \(expected), got \(actual)\(said)"
    }

    private static func listed(_ rules: [String]) -> String { " [" + rules.joined(separator: ", ") + "]" }
}

extension Reading where Value == LabelOverride {
    /// Why a file with this side-car is held: nobody should guess what a person meant.
    package var findings: [Finding] {
        errors.map { problem in
            Finding(
                rule: "R-000", citation: "label side-car",
                found: problem.line > 0 ? "Line \(problem.line): \(problem.what)." : Self.sentence(problem.what),
                fix: problem.hint.isEmpty ? "Mend the line and save the label file again." : Self.sentence(problem.hint)
            )
        }
    }

    private static func sentence(_ hint: String) -> String {
        let capital = hint.prefix(1).uppercased() + hint.dropFirst()
        return capital.hasSuffix("?") || capital.hasSuffix(".") ? capital : capital + "."
    }
}
