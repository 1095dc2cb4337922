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
        let (day, millisecond) = (floorDivide(milliseconds, 86_400_000), floorModulo(milliseconds, 86_400_000))
        let second = millisecond / 1000
        let clock = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(CalendarDate(daysSince1970: day))T\(clock).\(padded(millisecond % 1000, 3))Z"
    }

    /// The UTC calendar date.
    package var date: CalendarDate { CalendarDate(daysSince1970: floorDivide(milliseconds, 86_400_000)) }

    /// Reads exactly the form that `description` writes, years 1970 to 9999.
    package init(_ text: String) throws(Malformed) {
        let wrong = Malformed("time", "must look like 2026-01-31T09:30:00.000Z")
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes[10] == UInt8(ascii: "T") else { throw wrong }
        func number(_ range: Range<Int>) -> Int64 { Int64(String(decoding: bytes[range], as: UTF8.self)) ?? -1 }
        let day = try CalendarDate(String(decoding: bytes[0..<10], as: UTF8.self)).daysSince1970
        let second = number(11..<13) * 3600 + number(14..<16) * 60 + number(17..<19)
        self.init(milliseconds: day * 86_400_000 + second * 1000 + number(20..<23))
        guard description == text else { throw wrong }
    }
}

/// A day of the proleptic Gregorian calendar, written `2026-04-01`. Laws and agreements begin and end on days.
package struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let daysSince1970: Int64

    package init(daysSince1970: Int64) { self.daysSince1970 = daysSince1970 }

    package init(_ text: String) throws(Malformed) {
        let wrong = Malformed("date", "must be a real day written like 2026-01-31")
        let bytes = Array(text.utf8)
        guard bytes.count == 10 else { throw wrong }
        func number(_ range: Range<Int>) -> Int64 { Int64(String(decoding: bytes[range], as: UTF8.self)) ?? -1 }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        guard year >= 1970, (1...12).contains(month), (1...31).contains(day) else { throw wrong }
        self.init(year: year, month: month, day: day)
        guard description == text else { throw wrong }
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

    package var description: String {
        let (year, month, day) = parts
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Midnight UTC at the start of this day.
    package var start: Instant { Instant(milliseconds: daysSince1970 * 86_400_000) }
    package static func < (a: Self, b: Self) -> Bool { a.daysSince1970 < b.daysSince1970 }
}

private func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }
private func floorModulo(_ a: Int64, _ b: Int64) -> Int64 { a - floorDivide(a, b) * b }

private func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
