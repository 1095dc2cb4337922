package import Vocabulary

/// A day that somebody may have been born on: `31/12/1999`, also with dots or hyphens, `1999-12-31`, `31 December 1999`.
/// That it is a birth date only the words beside it can say.
package enum BirthDate {
    package static func isValid(_ text: String, today: CalendarDate) -> Bool {
        let bytes = Array(text.utf8)
        return read(in: bytes.span, at: 0, today: today)?.end == bytes.count
    }

    /// A real day from 1900 to today.
    package static func read(in text: Span<UInt8>, at start: Int, today: CalendarDate) -> (end: Int, day: CalendarDate)?
    {
        guard let found = text.number(start, 4) != nil ? yearFirst(text, start) : dayFirst(text, start),
            found.year >= 1900, (1...12).contains(found.month), (1...31).contains(found.day)
        else { return nil }
        let date = CalendarDate(year: Int64(found.year), month: Int64(found.month), day: Int64(found.day))
        // Of a day that does not exist, such as 31 February, the arithmetic makes another.
        guard date.parts.day == Int64(found.day), date <= today else { return nil }
        return (found.end, date)
    }

    /// Younger than 18 on `today`; who was born on 29 February comes of age on 1 March.
    package static func isChild(_ born: CalendarDate, today: CalendarDate) -> Bool {
        let (year, month, day) = born.parts
        return CalendarDate(year: year + 18, month: month, day: day) > today
    }

    private typealias Found = (year: Int, month: Int, day: Int, end: Int)

    private static func yearFirst(_ text: Span<UInt8>, _ start: Int) -> Found? {
        guard text.byte(start + 4) == Bytes.hyphen, text.byte(start + 7) == Bytes.hyphen,
            let year = text.number(start, 4), let month = text.number(start + 5, 2),
            let day = text.number(start + 8, 2)
        else { return nil }
        return (year, month, day, start + 10)
    }

    private static func dayFirst(_ text: Span<UInt8>, _ start: Int) -> Found? {
        let dayLength = text.digits(start, most: 3)
        guard dayLength == 1 || dayLength == 2, let day = text.number(start, dayLength) else { return nil }
        let mark = start + dayLength
        guard [Bytes.slash, Bytes.dot, Bytes.hyphen].contains(text.byte(mark)) else {
            return inWords(text, mark, day)
        }
        let monthLength = text.digits(mark + 1, most: 3)
        let second = mark + 1 + monthLength
        guard monthLength == 1 || monthLength == 2, let month = text.number(mark + 1, monthLength),
            text.byte(second) == text.byte(mark), let year = text.number(second + 1, 4)
        else { return nil }
        return (year, month, day, second + 5)
    }

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        .map { $0.utf8.reduce(0) { $0 << 8 | UInt32($1) } }

    /// ` May 2014`, `st May 2014`, ` of May 2014`, ` Sept 2014`.
    private static func inWords(_ text: Span<UInt8>, _ after: Int, _ day: Int) -> Found? {
        var index = Bytes.isLetter(text.byte(after)) ? after + 2 : after
        guard text.byte(index) == Bytes.space else { return nil }
        index = text.afterSpaces(index)
        if text.byte(index) == UInt8(ascii: "o"), text.byte(index + 1) == UInt8(ascii: "f") {
            index = text.afterSpaces(index + 2)
        }
        let name = (0..<3).reduce(0) { $0 << 8 | UInt32(Bytes.lowered(text.byte(index + $1))) }
        guard let month = months.firstIndex(of: name) else { return nil }
        var end = index
        while end < index + 9, Bytes.isLetter(text.byte(end)) { end += 1 }
        guard text.byte(end) == Bytes.space, let year = text.number(end + 1, 4) else { return nil }
        return (year, month + 1, day, end + 5)
    }
}
