/// How days and times are written and read: digits at fixed places.
struct Digits {
    private var text: [UInt8] = []

    /// The day as `2026-01-31`, and what else is put behind it.
    static func text(of date: CalendarDate, and rest: (inout Digits) -> Void) -> String {
        let (year, month, day) = date.parts
        var digits = Digits()
        digits.text.reserveCapacity(32)
        digits.put(year, 4)
        digits.put("-")
        digits.put(month, 2)
        digits.put("-")
        digits.put(day, 2)
        rest(&digits)
        return String(decoding: digits.text, as: UTF8.self)
    }

    mutating func put(_ character: Unicode.Scalar) { text.append(UInt8(ascii: character)) }

    /// With zeros in front up to that width, which is at most 4; longer if it must be.
    mutating func put(_ number: Int64, _ width: Int) {
        if number < 0 || number > 9999 { return putLong(number, width) }
        if width > 3 || number > 999 { text.append(Self.digit(number / 1000)) }
        if width > 2 || number > 99 { text.append(Self.digit(number / 100)) }
        if width > 1 || number > 9 { text.append(Self.digit(number / 10)) }
        text.append(Self.digit(number))
    }

    private static func digit(_ number: Int64) -> UInt8 { UInt8(ascii: "0") + UInt8(number % 10) }

    private mutating func putLong(_ number: Int64, _ width: Int) {
        let written = String(number)
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, width - written.utf8.count)))
        text.append(contentsOf: written.utf8)
    }

    /// Reads what is written so, and nothing else.
    struct Reader {
        private var text: Substring.UTF8View
        init(_ text: String) { self.text = text[...].utf8 }

        var left: Int { text.count }

        mutating func skip(_ character: Unicode.Scalar) -> Bool { text.popFirst() == UInt8(ascii: character) }

        /// So many digits.
        mutating func number(_ width: Int, below bound: Int64 = .max) -> Int64? {
            var number: Int64 = 0
            for _ in 0..<width {
                guard let digit = text.popFirst(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else {
                    return nil
                }
                number = number * 10 + Int64(digit - UInt8(ascii: "0"))
            }
            return number < bound ? number : nil
        }

        /// A real day from 1970 on.
        mutating func day() -> CalendarDate? {
            guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2), year >= 1970,
                (1...12).contains(month), (1...31).contains(day)
            else { return nil }
            let date = CalendarDate(year: year, month: month, day: day)
            // The 31st of April is another day's name.
            return date.parts == (year, month, day) ? date : nil
        }
    }
}
