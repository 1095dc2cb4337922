package import Vocabulary

extension CalendarDate {
    /// Midnight in England at the start of this day: 00:00 UTC, or 23:00 UTC of the day before in summer time.
    package var startInLondon: Instant {
        let summer = start.adding(seconds: -3600)
        return summer.londonDate == self ? summer : start
    }

    /// 24:00 in England: the first moment that is no longer this day.
    package var endInLondon: Instant { next.startInLondon }

    /// 12:00 in England. Clocks change before noon, so that it is always half a day before the end.
    package var noonInLondon: Instant { endInLondon.adding(seconds: -43_200) }

    package var next: CalendarDate { CalendarDate(daysSince1970: daysSince1970 + 1) }
}

extension Instant {
    /// The last day that lies before this moment as a whole or in part: the day that a due moment names.
    package var lastDayInLondon: CalendarDate { Instant(milliseconds: milliseconds - 1).londonDate }
}
