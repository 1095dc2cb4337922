package import Vocabulary

/// What went wrong with personal data must be judged, and if need be reported, within 72 hours of knowing: by the clock,
/// weekends included (UK GDPR 33(1); DPA 2018 s.67(1)).
package enum IncidentClock {
    package static func due(aware: Instant) -> Instant { aware.adding(seconds: 72 * 3600) }
}

/// What follows an emergency; when it is looked at, `PolicyEngine.reviewDue` says.
package enum EmergencyReview {
    /// By when tags left out for haste are filled in: 12:00 in England on the next working day.
    package static func tagsDue(sent: Instant, workingDays: WorkingDays) -> Instant {
        workingDays.after(sent.londonDate).noonInLondon
    }
}
