internal import Policy
package import Vocabulary

/// A weighed file with the label under which it may lawfully go: policy said release.
package struct LabelledFile: Sendable {
    package let weighed: WeighedFile
    package let label: Label
    package let warnings: [Finding]

    fileprivate init(weighed: WeighedFile, label: Label, warnings: [Finding]) {
        self.weighed = weighed
        self.label = label
        self.warnings = warnings
    }
}

/// A weighed file that waits for a person, or can never go, with the reasons.
package struct HeldFile: Sendable {
    package let weighed: WeighedFile
    /// Nil where not even a label could be made: route or agreement unknown.
    package let label: Label?
    package let findings: [Finding]
    package let isBlocked: Bool

    fileprivate init(weighed: WeighedFile, label: Label?, findings: [Finding], isBlocked: Bool) {
        self.weighed = weighed
        self.label = label
        self.findings = findings
        self.isBlocked = isBlocked
    }
}

/// Gives a file its label from the route of the agreement and its side-car, and asks policy.
struct Labeller: Sendable {
    enum Outcome: Sendable {
        case labelled(LabelledFile)
        case held(HeldFile)
    }

    let us: AgencyID
    let law: LawBook

    func label(_ weighed: WeighedFile, at now: Instant) -> Outcome {
        let claimed = weighed.claimed
        let judged = law.judge(
            route: claimed.route, sideCar: claimed.sideCar, sender: us, recipient: claimed.partner, at: now)
        return outcome(weighed, judged)
    }

    /// A person decided on a held file: their reason and account stand in the label.
    func release(_ weighed: WeighedFile, because: String, by account: String, at now: Instant) -> Outcome {
        let claimed = weighed.claimed
        let judged = law.judgeReleased(
            route: claimed.route, sideCar: claimed.sideCar, sender: us, recipient: claimed.partner, because: because,
            account: account, at: now)
        return outcome(weighed, judged)
    }

    private func outcome(_ weighed: WeighedFile, _ judged: LawBook.Judgement) -> Outcome {
        switch (judged.decision, judged.label) {
        case (.release(let warnings), let label?):
            .labelled(LabelledFile(weighed: weighed, label: label, warnings: warnings))
        case (.block(let findings), let label):
            .held(HeldFile(weighed: weighed, label: label, findings: findings, isBlocked: true))
        case (.hold(let findings), let label), (.release(let findings), let label):
            .held(HeldFile(weighed: weighed, label: label, findings: findings, isBlocked: false))
        }
    }
}
