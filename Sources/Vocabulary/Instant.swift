/// A moment in UTC, in milliseconds since 1970-01-01T00:00:00Z. Written as RFC 3339 with exactly three decimals and `Z`.
///
/// The calendar arithmetic is here and not in Foundation's because formatting there goes through a binary fraction of
/// seconds, and a statement's time must read back as the very same text.
package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(seconds: Int64) { self.milliseconds = seconds * 1000 }

    package var seconds: Int64 { floorDivide(milliseconds, 1000) }
    package static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }
    package func adding(seconds: Int64) -> Instant { Instant(milliseconds: milliseconds + seconds * 1000) }

    /// `2026-11-22T10:55:42.123Z`
    package var description: String {
        let (day, rest) = (date, floorModulo(milliseconds, 86_400_000))
        return Digits.text(of: day) { text in
            text.put("T")
            text.put(rest / 3_600_000, 2)
            text.put(":")
            text.put(rest / 60_000 % 60, 2)
            text.put(":")
            text.put(rest / 1000 % 60, 2)
            text.put(".")
            text.put(rest % 1000, 3)
            text.put("Z")
        }
    }

    /// The UTC calendar date.
    package var date: CalendarDate { CalendarDate(daysSince1970: floorDivide(milliseconds, 86_400_000)) }

    /// Reads exactly the form that `description` writes, years 1970 to 9999.
    package init(_ text: String) throws(Malformed) {
        guard let milliseconds = Self.milliseconds(text) else {
            throw Malformed("time", "must look like 2026-01-31T09:30:00.000Z")
        }
        self.milliseconds = milliseconds
    }

    private static func milliseconds(_ text: String) -> Int64? {
        var digits = Digits.Reader(text)
        guard digits.left == 24, let day = digits.day(), digits.skip("T"), let hour = digits.number(2, below: 24),
            digits.skip(":"), let minute = digits.number(2, below: 60), digits.skip(":"),
            let second = digits.number(2, below: 60), digits.skip("."), let millisecond = digits.number(3, below: 1000),
            digits.skip("Z")
        else { return nil }
        return day.daysSince1970 * 86_400_000 + (hour * 3600 + minute * 60 + second) * 1000 + millisecond
    }
}

/// A day of the proleptic Gregorian calendar, written `2026-04-01`. Laws and agreements begin and end on days.
package struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let daysSince1970: Int64

    package init(daysSince1970: Int64) { self.daysSince1970 = daysSince1970 }

    package init(_ text: String) throws(Malformed) {
        var digits = Digits.Reader(text)
        guard digits.left == 10, let day = digits.day() else {
            throw Malformed("date", "must be a real day written like 2026-01-31")
        }
        self = day
    }

    /// Days from a civil date: years begin in March, so that the leap day is the last of its year.
    package init(year: Int64, month: Int64, day: Int64) {
        let y = month <= 2 ? year - 1 : year
        let era = floorDivide(y, 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let yearOfEra = y - era * 400
        daysSince1970 = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package var parts: (year: Int64, month: Int64, day: Int64) {
        let z = daysSince1970 + 719_468
        let era = floorDivide(z, 146_097)
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    package var description: String { Digits.text(of: self) { _ in } }

    /// Midnight UTC at the start of this day.
    package var start: Instant { Instant(milliseconds: daysSince1970 * 86_400_000) }
    package static func < (a: Self, b: Self) -> Bool { a.daysSince1970 < b.daysSince1970 }
}

private func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }
private func floorModulo(_ a: Int64, _ b: Int64) -> Int64 { a - floorDivide(a, b) * b }
