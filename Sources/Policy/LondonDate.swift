package import Vocabulary

extension Instant {
    /// The day on which this moment falls in England: law begins and ends at midnight there, not at midnight UTC.
    ///
    /// Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
    /// (Summer Time Act 1972 s.1).
    package var londonDate: CalendarDate {
        let year = date.parts.year
        let begins = Self.lastSunday(of: 3, year).start.adding(seconds: 3600)
        let ends = Self.lastSunday(of: 10, year).start.adding(seconds: 3600)
        return begins <= self && self < ends ? adding(seconds: 3600).date : date
    }

    /// Of a month with 31 days. 1970-01-04 was a Sunday.
    private static func lastSunday(of month: Int64, _ year: Int64) -> CalendarDate {
        let last = CalendarDate(year: year, month: month, day: 31).daysSince1970
        return CalendarDate(daysSince1970: last - (last + 4) % 7)
    }
}
