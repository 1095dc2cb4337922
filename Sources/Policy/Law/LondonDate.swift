package import Vocabulary

extension Instant {
    /// The day on which this moment falls in England: law begins and ends at midnight there, not at midnight UTC.
    ///
    /// Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
    /// (Summer Time Act 1972 s.1, SI 2002/262).
    package var londonDate: CalendarDate { inLondon.date }

    /// What clocks in London show, as if that were UTC.
    package var inLondon: Instant { isSummerInLondon ? adding(seconds: 3600) : self }

    /// By rule and not by a time zone file, so that a day reads the same everywhere.
    package var isSummerInLondon: Bool {
        let year = date.parts.year
        return Self.change(3, year) <= self && self < Self.change(10, year)
    }

    /// 01:00 UTC on the last Sunday of a month with 31 days. 1970-01-04 was a Sunday.
    private static func change(_ month: Int64, _ year: Int64) -> Instant {
        let last = CalendarDate(year: year, month: month, day: 31).daysSince1970
        return CalendarDate(daysSince1970: last - (last + 4) % 7).start.adding(seconds: 3600)
    }
}
