package import Vocabulary

/// A share in; decision out. Pure.
package enum PolicyEngine {
    /// The sender's side: may this file leave?
    package static func decide(_ share: Share) -> Decision { judge(share).decision }

    /// The same with all that was found: the regimes, and what an emergency deferred.
    package static func judge(_ share: Share) -> Judgement { Judgement(of: share) }

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
    package static func admit(_ share: Share, _ admission: Admission = .lenient) -> Decision {
        Admitting(share: share, admission: admission).decision
    }
}

/// What a recipient does about a label in words that it does not know.
package enum Admission: String, Hashable, Sendable, CaseIterable {
    /// Refuses it, unless the sender says that it is an emergency.
    case strict
    /// Takes it and records a warning: the sender answers for its label.
    case lenient
}
