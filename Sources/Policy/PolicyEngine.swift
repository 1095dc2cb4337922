package import Vocabulary

/// Label, agreement, catalogue, parties and now in; decision out. Pure.
package enum PolicyEngine {
    /// The sender's side: may this file leave?
    package static func decide(
        label: Label, agreement: Agreement?, catalogue: Catalogue, sender: AgencyID, recipient: AgencyID, now: Instant
    ) -> Decision {
        let share = Share(
            label: label, agreement: agreement, catalogue: catalogue, sender: sender, recipient: recipient,
            date: now.londonDate)
        return Judgement(of: share).decision
    }

    /// The recipient's side: do we take it? `release` takes it, `block` is a signed refusal; a recipient holds nothing,
    /// because the sender waits for an answer.
    package static func admit(
        label: Label, knownAgreements: [Agreement], catalogue: Catalogue, sender: AgencyID, we: AgencyID, now: Instant,
        admission: Admission = .lenient
    ) -> Decision {
        let agreement =
            knownAgreements.first { $0.pinned == label.agreement }
            ?? knownAgreements.first { $0.id == label.agreement.id }
        let share = Share(
            label: label, agreement: agreement, catalogue: catalogue, sender: sender, recipient: we,
            date: now.londonDate)
        return Admitting(share: share, admission: admission).decision
    }
}

/// What a recipient does about a label in words that it does not know.
package enum Admission: String, Hashable, Sendable, CaseIterable {
    /// Refuses it, unless the sender says that it is an emergency.
    case strict
    /// Takes it and records a warning: the sender answers for its label.
    case lenient
}
