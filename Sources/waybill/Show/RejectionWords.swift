internal import Exchange
internal import Reports
internal import Vocabulary

/// A decision not to share, as `ledger show` tells it.
struct RejectionWords {
    let facts: Facts
    private let findings: [Finding]

    /// - Parameter why: the reason as the record keeps it, for when the event's detail is erased.
    init(_ decision: DecisionFacts, _ why: String?) {
        facts = Facts([
            ("because", decision.because ?? why), ("by", decision.by), ("on", Words.moment(decision.at) + " UTC"),
            ("test", "\(NotSharing.citation): \(decision.detriment ?? "not recorded")"),
        ])
        findings = decision.findings
    }

    func show() {
        Terminal.say(Terminal.paint("\nDecided not to share", .bold))
        facts.show()
        if findings.isEmpty { return }
        Terminal.say(Terminal.paint("\nWhat had held it", .bold))
        for finding in findings { Findings.Reason.finding(finding).show() }
    }
}
