internal import Vocabulary

/// The recipient's own look at a label that has verified: is the agreement known here, and are its words?
struct Admitting {
    let share: Share
    let admission: Admission

    var decision: Decision {
        let open = unknownAgreement + unknownWords
        guard admission == .strict, share.label.emergency == nil, !open.isEmpty else {
            return .release(warnings: open + otherVersion)
        }
        return .block(open)
    }

    private var unknownAgreement: [Finding] {
        guard share.agreement == nil else { return [] }
        return findings("R-011") {
            Shortfall(
                "Agreement \($0) is not known here.",
                fix: "Ask the recipient's information governance lead to load the signed agreement.")
        }
    }

    /// Another version, or another file of the same version. Never a refusal: parties load a new version on different
    /// days.
    private var otherVersion: [Finding] {
        guard let ours = share.agreement, ours.pinned != share.label.agreement else { return [] }
        return findings("R-011v") {
            Shortfall(
                "The sender used \($0) \(share.label.agreement.version), and its file is not the one held here "
                    + "(\(ours.version)).",
                fix: "Compare the two files with the sender and load the signed one on both sides.")
        }
    }

    private var unknownWords: [Finding] {
        RuleBook.rules.filter { RuleBook.vocabulary.contains($0.id) }.flatMap { rule in
            rule.question(share).map { shortfall in law(rule.id).finding(shortfall) }
        }
    }

    private func findings(_ rule: String, _ shortfall: (String) -> Shortfall) -> [Finding] {
        [law(rule).finding(shortfall(share.label.agreement.id))]
    }

    private func law(_ id: String) -> RuleEntry {
        if case .inForce(let law) = share.catalogue.rule(id, on: share.date) { return law }
        return RuleEntry(id: id, citation: "catalogue", outcome: .warn, says: "")
    }
}
