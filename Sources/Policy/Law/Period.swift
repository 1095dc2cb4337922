package import Vocabulary

/// An ISO 8601 duration such as `P1Y`, `P6M`, `P30D` or `PT24H`: years and months follow the calendar, the rest the
/// clock.
package struct Period: Hashable, Sendable, CustomStringConvertible {
    package let months: Int64
    package let days: Int64
    package let seconds: Int64
    /// As it was written.
    package let description: String

    /// Reads `P[nY][nM][nW][nD][T[nH][nM][nS]]`, whole numbers of at most five digits, larger units first.
    package init(_ text: String) throws(Malformed) {
        let wrong = Malformed("period", "must be an ISO 8601 duration such as P1Y, P6M, P30D or PT24H")
        let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = halves.first, first.first == "P", text.utf8.count <= 40 else { throw wrong }
        guard let date = Self.numbers(first.dropFirst(), units: ["Y", "M", "W", "D"]) else { throw wrong }
        guard let time = Self.numbers(halves.count == 2 ? halves[1] : "", units: ["H", "M", "S"]) else { throw wrong }
        guard date.count + time.count > 0, halves.count == 1 || !time.isEmpty else { throw wrong }
        months = date["Y", default: 0] * 12 + date["M", default: 0]
        days = date["W", default: 0] * 7 + date["D", default: 0]
        seconds = time["H", default: 0] * 3600 + time["M", default: 0] * 60 + time["S", default: 0]
        description = text
    }

    /// The numbers by unit, or nil if a unit is unknown, repeated, out of order or without a number.
    private static func numbers(_ text: Substring, units: [Character]) -> [Character: Int64]? {
        var (found, digits, rest) = ([Character: Int64](), "", units[...])
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else {
                guard let place = rest.firstIndex(of: character), digits.count <= 5, let number = Int64(digits) else {
                    return nil
                }
                found[character] = number
                rest = rest[(place + 1)...]
                digits = ""
            }
        }
        return digits.isEmpty ? found : nil
    }
}

extension CalendarDate {
    /// The corresponding day; where a month has no such day, its last one: 31 January and one month is 28 or 29
    /// February. Hours and shorter are left out: a day has none.
    package func adding(_ period: Period) -> CalendarDate {
        CalendarDate(daysSince1970: adding(months: period.months).daysSince1970 + period.days)
    }

    /// The corresponding day, or the last of a month that has none.
    package func adding(months: Int64) -> CalendarDate {
        let (year, month, day) = parts
        let count = year * 12 + month - 1 + months
        let first = Self.first(ofMonth: count).daysSince1970
        let length = Self.first(ofMonth: count + 1).daysSince1970 - first
        return CalendarDate(daysSince1970: first + min(day, length) - 1)
    }

    /// Months counted from January of the year 0.
    private static func first(ofMonth count: Int64) -> CalendarDate {
        CalendarDate(year: count / 12, month: count % 12 + 1, day: 1)
    }
}

extension Instant {
    /// Years, months and days by the UTC calendar at the same time of day, then the hours.
    package func adding(_ period: Period) -> Instant {
        let timeOfDay = milliseconds - date.start.milliseconds
        let day = date.adding(period).start
        return Instant(milliseconds: day.milliseconds + timeOfDay + period.seconds * 1000)
    }
}
