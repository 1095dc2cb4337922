package import Vocabulary

/// Which days count as working days: Monday to Friday, bank holidays in England excepted (Regulation 1182/71 Art 2).
package struct WorkingDays: Hashable, Sendable {
    private let bankHolidays: Set<CalendarDate>

    package init(bankHolidays: Set<CalendarDate>) { self.bankHolidays = bankHolidays }

    package func isWorking(_ day: CalendarDate) -> Bool {
        !day.isWeekend && !bankHolidays.contains(day)
    }

    /// This day, or the next that is a working day.
    package func onOrAfter(_ day: CalendarDate) -> CalendarDate {
        var day = day
        while !isWorking(day) { day = day.next }
        return day
    }

    /// The next working day that is not this day.
    package func after(_ day: CalendarDate) -> CalendarDate { onOrAfter(day.next) }
}
