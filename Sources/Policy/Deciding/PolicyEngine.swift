package import Vocabulary

/// Label, agreement, catalogue, parties and *now* in; decision out. Pure.
package enum PolicyEngine {
    /// The sender's side: may this file leave?
    package static func decide(
        label: Label, agreement: Agreement?, catalogue: Catalogue, sender: AgencyID, recipient: AgencyID, now: Instant,
        here: Share.Here = Share.Here()
    ) -> Decision {
        judge(
            label: label, agreement: agreement, catalogue: catalogue, sender: sender, recipient: recipient, now: now,
            here: here
        ).decision
    }

    /// The same with all that was found: the regimes, and what an emergency deferred.
    package static func judge(
        label: Label, agreement: Agreement?, catalogue: Catalogue, sender: AgencyID, recipient: AgencyID, now: Instant,
        here: Share.Here = Share.Here()
    ) -> Judgement {
        Judgement(
            of: Share(
                label: label, agreement: agreement, catalogue: catalogue, sender: sender, recipient: recipient,
                date: now.londonDate, here: here))
    }

    /// The law under which an agency handles a file with this label, as its sender or as a recipient of it.
    package static func regime(
        of agency: AgencyID, sender: AgencyID, label: Label, agreement: Agreement?, catalogue: Catalogue, now: Instant
    ) -> Regime {
        Share(
            label: label, agreement: agreement, catalogue: catalogue, sender: sender, recipient: agency,
            date: now.londonDate
        ).regime(of: agency)
    }

    /// When somebody looks at an emergency: as soon as the route says, and with tags still to be filled in no later
    /// than noon of the next working day. A route that says nothing means one day.
    package static func reviewDue(
        route: Route?, deferred: [Finding], catalogue: Catalogue, now: Instant
    ) -> Instant {
        let usual = route?.reviewWithin.map { now.adding($0) }
        guard !deferred.isEmpty else { return usual ?? now.adding(seconds: 86_400) }
        let noon = EmergencyReview.tagsDue(
            sent: now, workingDays: WorkingDays(bankHolidays: catalogue.bankHolidays))
        return usual.map { min($0, noon) } ?? noon
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
