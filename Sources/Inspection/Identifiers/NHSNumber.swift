/// Ten digits, plain or as `999 000 0042` or `999-000-0042`; the last makes the weighted sum a multiple of 11
/// (NHS Data Dictionary, "NHS NUMBER"). 999 000 0000 and above are for tests and never issued.
package enum NHSNumber: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        guard let (number, end) = TenDigits.read(text, start) else { return nil }
        let check = (11 - TenDigits.weighted(number) % 11) % 11
        return check == number % 10 && check != 10 ? end : nil
    }
}

/// Unique learner number: the weights of the NHS number, but the check digit is 10 less the remainder, which may not
/// be 0 (Learning Records Service). No number passes both.
package enum LearnerNumber: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        guard let (number, end) = TenDigits.read(text, start), end == start + 10 else { return nil }
        let remainder = TenDigits.weighted(number) % 11
        return remainder != 0 && 10 - remainder == number % 10 ? end : nil
    }
}

enum TenDigits {
    static func read(_ text: Span<UInt8>, _ start: Int) -> (number: Int, end: Int)? {
        let mark = text.byte(start + 3)
        guard mark == Bytes.space || mark == Bytes.hyphen else {
            return text.number(start, 10).map { ($0, start + 10) }
        }
        guard text.byte(start + 7) == mark, let a = text.number(start, 3), let b = text.number(start + 4, 3),
            let c = text.number(start + 8, 4)
        else { return nil }
        return ((a * 1000 + b) * 10_000 + c, start + 12)
    }

    /// The first nine digits by 10, 9, ... 2.
    static func weighted(_ number: Int) -> Int {
        var (rest, sum) = (number / 10, 0)
        for weight in 2...10 {
            sum &+= rest % 10 &* weight
            rest /= 10
        }
        return sum
    }
}
