internal import Inspection
internal import Law
internal import Policy
internal import Statements
package import Vocabulary

/// A weighed file with the label under which it may lawfully go: policy said release.
package struct LabelledFile: Sendable {
    package let weighed: WeighedFile
    package let label: Label
    package let warnings: [Finding]
    let grounds: Grounds

    fileprivate init(weighed: WeighedFile, label: Label, warnings: [Finding], grounds: Grounds) {
        self.weighed = weighed
        self.label = label
        self.warnings = warnings
        self.grounds = grounds
    }
}

/// A weighed file that waits for a person, or can never go, with the reasons.
package struct HeldFile: Sendable {
    package let weighed: WeighedFile
    /// Nil where not even a label could be made: route or agreement unknown.
    package let label: Label?
    package let findings: [Finding]
    package let isBlocked: Bool
    let grounds: Grounds

    fileprivate init(weighed: WeighedFile, label: Label?, findings: [Finding], isBlocked: Bool, grounds: Grounds) {
        self.weighed = weighed
        self.label = label
        self.findings = findings
        self.isBlocked = isBlocked
        self.grounds = grounds
    }
}

/// What a decision rests on besides its findings: kept with it in the ledger, so that it reads the same under later law.
struct Grounds: Sendable {
    /// Where each field of the label came from.
    let origins: JSON?
    /// What an emergency left open.
    let deferred: [Finding]
    /// The law under which we send.
    let regime: String
    let inspection: Inspection?
    let replaces: LabelOverride.Replacement?

    fileprivate init(_ other: Grounds, deferring finding: Finding) {
        (origins, regime, inspection) = (other.origins, other.regime, other.inspection)
        deferred = [finding] + other.deferred
        replaces = nil
    }

    fileprivate init(_ judged: LoadedLaw.Judgement, _ inspection: Inspection?) {
        origins = judged.origins
        deferred = judged.deferred
        regime = judged.labelled == nil ? "" : judged.regime.rawValue
        self.inspection = inspection
        replaces = judged.replaces
    }

    /// For the detail of the event that decides.
    var facts: [String: JSON] {
        var facts: [String: JSON] = [:]
        facts["origins"] = origins
        facts["inspection"] = inspection?.json
        if !deferred.isEmpty { facts["deferred"] = .array(deferred.map(\.json)) }
        if !regime.isEmpty { facts["regime"] = .string(regime) }
        return facts
    }
}

extension LabelledFile {
    /// It cannot go after all, for a reason that only the ledger knows.
    func held(_ finding: Finding) -> HeldFile {
        HeldFile(weighed: weighed, label: label, findings: [finding], isBlocked: false, grounds: grounds)
    }
}

extension LabelledFile {
    /// The same, where it is an emergency, with one more thing left open for the review; nil for any other file. What it
    /// takes the place of is left out: it is in doubt.
    func goingOn(despite finding: Finding) -> LabelledFile? {
        guard label.emergency != nil else { return nil }
        return LabelledFile(
            weighed: weighed, label: label, warnings: [finding] + warnings,
            grounds: Grounds(grounds, deferring: finding))
    }
}

extension HeldFile {
    /// The same with a reason that is said before all others.
    func saying(_ finding: Finding) -> HeldFile {
        HeldFile(
            weighed: weighed, label: label, findings: [finding] + findings, isBlocked: isBlocked, grounds: grounds)
    }
}

/// Gives a file its label from the route of the agreement and its side-car, and asks policy.
struct Labeller: Sendable {
    enum Outcome: Sendable {
        case labelled(LabelledFile)
        case held(HeldFile)
    }

    let us: AgencyID
    let law: LoadedLaw
    let partners: Set<AgencyID>

    init(_ agency: Agency) {
        (us, law) = (agency.us.id, agency.law)
        partners = Set(agency.partners.all.map(\.id))
    }

    /// - Parameter inspection: what a look into the file suggested; nil where nobody looked.
    func label(_ weighed: WeighedFile, _ inspection: Inspection?, at now: Instant) -> Outcome {
        outcome(weighed, law.judge(drop(weighed.claimed, inspection, at: now)), inspection)
    }

    /// A person decided on a held file: their account stands in the label.
    func release(_ weighed: WeighedFile, _ inspection: Inspection?, by account: String, at now: Instant) -> Outcome {
        let judged = law.judgeReleased(drop(weighed.claimed, inspection, at: now), by: account)
        return outcome(weighed, judged, inspection)
    }

    private func drop(_ claimed: ClaimedFile, _ inspection: Inspection?, at now: Instant) -> LoadedLaw.Drop {
        var drop = LoadedLaw.Drop(
            claimed.route, sideCar: claimed.sideCar, Share.Sides(from: us, to: claimed.partner), at: now)
        (drop.suggested, drop.partners) = (inspection?.suggested ?? [], partners)
        return drop
    }

    private func outcome(_ weighed: WeighedFile, _ judged: LoadedLaw.Judgement, _ inspection: Inspection?) -> Outcome {
        let grounds = Grounds(judged, inspection)
        switch (judged.decision, judged.label) {
        case (.release(let warnings), let label?):
            return .labelled(LabelledFile(weighed: weighed, label: label, warnings: warnings, grounds: grounds))
        case (.block(let findings), let label):
            return .held(
                HeldFile(weighed: weighed, label: label, findings: findings, isBlocked: true, grounds: grounds))
        case (.hold(let findings), let label), (.release(let findings), let label):
            return .held(
                HeldFile(weighed: weighed, label: label, findings: findings, isBlocked: false, grounds: grounds))
        }
    }
}
