package import Vocabulary

/// The clock in London, for people: `3 May 2026, 10:30:00 BST`.
///
/// By rule and not by a time zone file, so that a proof reads the same everywhere: summer time lasts from the last
/// Sunday of March to the last Sunday of October, changing at 01:00 UTC (SI 2002/262).
package enum LondonTime {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    package static func text(_ instant: Instant) -> String {
        let isSummer = isSummer(instant)
        let local = instant.adding(seconds: isSummer ? 3600 : 0)
        let (year, month, day) = local.date.parts
        let clock = local.description.dropFirst(11).prefix(8)
        return "\(day) \(months[Int(month) - 1]) \(year), \(clock) \(isSummer ? "BST" : "GMT")"
    }

    package static func isSummer(_ instant: Instant) -> Bool {
        let year = instant.date.parts.year
        return change(year, 3) <= instant && instant < change(year, 10)
    }

    /// 01:00 UTC on the last Sunday of a month of 31 days. 1 January 1970 was a Thursday.
    private static func change(_ year: Int64, _ month: Int64) -> Instant {
        let last = CalendarDate(year: year, month: month, day: 31).daysSince1970
        return CalendarDate(daysSince1970: last - (last + 4) % 7).start.adding(seconds: 3600)
    }
}
