package import Vocabulary

/// Months that run from a day: they end with the corresponding day, or with the last of a month that has none (31 January
/// and one month is 28 or 29 February). Regulation 1182/71 Art 3(2)(c); ICO guidance on "one month".
package struct MonthPeriod: Hashable, Sendable {
    package let from: CalendarDate
    package let months: Int64

    package init(from: CalendarDate, months: Int64 = 1) {
        self.from = from
        self.months = months
    }

    /// The last day of the period, which ends at 24:00 in England.
    package var lastDay: CalendarDate { from.adding(months: months) }

    /// The last lawful day: a period that ends on no working day ends with the next (Regulation 1182/71 Art 3(4)).
    package func lastLawfulDay(_ workingDays: WorkingDays) -> CalendarDate { workingDays.onOrAfter(lastDay) }

    /// Counted anew from the first day, not from the end: 31 December, one month and two more end on 31 March (UK GDPR
    /// 12A).
    package func extended(by more: Int64) -> MonthPeriod { MonthPeriod(from: from, months: months + more) }
}
