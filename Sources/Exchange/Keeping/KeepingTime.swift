package import Policy
package import Vocabulary

/// For how long details are kept: the settings' time after the last event, and until the label's review date.
///
/// A review date comes from the agreement's route, from a side-car or from a person (`Formats.md`). It is the day on
/// which somebody looks whether the data is still needed: nothing goes before it by itself. One that comes earlier
/// shortens nothing: it is about the file, and this is the evidence that it was shared.
package struct KeepingTime: Sendable {
    private let period: Period

    package init(_ period: Period) { self.period = period }

    package func isOver(lastAt: Instant, review: CalendarDate?, at now: Instant) -> Bool {
        lastAt.adding(period) <= now && review.map { $0 <= now.londonDate } ?? true
    }

    /// What happened at this moment or later is kept for sure: months are taken as the shortest.
    package func surelyKept(at now: Instant) -> Instant {
        now.adding(seconds: -((period.months * 28 + period.days) * 86_400 + period.seconds))
    }
}
