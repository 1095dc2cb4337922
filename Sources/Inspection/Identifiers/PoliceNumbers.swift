/// Police National Computer id: `YYYY/NNNNNNNC`, or `YY/` and a serial without leading zeros. The letter is the
/// remainder by 23 of the last two digits of the year and the serial of seven (MoJ hmpps-person-record).
package enum PoliceComputerID: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        let yearDigits = text.digits(start, most: 5)
        guard yearDigits == 2 || yearDigits == 4, text.byte(start + yearDigits) == Bytes.slash,
            let year = text.number(start, yearDigits), yearDigits == 2 || (1900...2099).contains(year)
        else { return nil }
        let serial = start + yearDigits + 1
        let length = text.digits(serial, most: 8)
        guard yearDigits == 4 ? length == 7 : (1...7).contains(length), let number = text.number(serial, length),
            let letter = text.capital(serial + length)
        else { return nil }
        return CheckLetter.isPolice(letter, year % 100 * 10_000_000 + number) ? serial + length + 1 : nil
    }
}

/// Criminal Records Office number: `NNNNNN/YYC` with the serial of six after the year, or `SFYY/NC` where the serial
/// is not padded (MoJ hmpps-person-record).
package enum CriminalRecordNumber: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        text.byte(start) == UInt8(ascii: "S") ? file(text, start) : standard(text, start)
    }

    private static func standard(_ text: Span<UInt8>, _ start: Int) -> Int? {
        let length = text.digits(start, most: 7)
        let year = start + length + 1
        guard (1...6).contains(length), text.byte(year - 1) == Bytes.slash, let serial = text.number(start, length),
            let yy = text.number(year, 2), let letter = text.capital(year + 2)
        else { return nil }
        return CheckLetter.isPolice(letter, yy * 1_000_000 + serial) ? year + 3 : nil
    }

    private static func file(_ text: Span<UInt8>, _ start: Int) -> Int? {
        guard text.byte(start + 1) == UInt8(ascii: "F"), let yy = text.number(start + 2, 2),
            text.byte(start + 4) == Bytes.slash
        else { return nil }
        let length = text.digits(start + 5, most: 7)
        guard (1...6).contains(length), let digits = text.number(start + 5, length),
            let letter = text.capital(start + 5 + length)
        else { return nil }
        let scale = (0..<length).reduce(1) { scale, _ in scale * 10 }
        return CheckLetter.isPolice(letter, yy * scale + digits) ? start + 6 + length : nil
    }
}

/// Arrest summons number: `YY/FFUU/SS/` and eleven digits and a letter, or the same without slashes. The letter is over
/// force, system, year and serial; the unit has no part in it. Only systems of two digits are known here.
package enum ArrestSummonsNumber: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        let step = text.byte(start + 2) == Bytes.slash ? 1 : 0
        let (force, system) = (start + 2 + step, start + 6 + 2 * step)
        let serial = system + 2 + step
        guard let year = text.number(start, 2), let forceNumber = text.number(force, 2),
            let systemNumber = text.number(system, 2), let number = text.number(serial, 11),
            Bytes.isAlphanumeric(text.byte(force + 2)), Bytes.isAlphanumeric(text.byte(force + 3)),
            let letter = text.capital(serial + 11)
        else { return nil }
        if step == 1, text.byte(system - 1) != Bytes.slash || text.byte(serial - 1) != Bytes.slash { return nil }
        let checked = ((forceNumber * 100 + systemNumber) * 100 + year) * 100_000_000_000 + number
        return CheckLetter.isPolice(letter, checked) ? serial + 12 : nil
    }
}

/// Unique reference number of a prosecution (PTI): force, unit, five digits, year. No check digit.
package enum ProsecutionNumber: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        guard text.number(start, 2) != nil, text.capital(start + 2) != nil, text.capital(start + 3) != nil,
            text.number(start + 4, 7) != nil
        else { return nil }
        return start + 11
    }
}
