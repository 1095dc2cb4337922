/// Unique pupil number: a check letter and twelve digits; in a temporary one the last is a letter of the same alphabet.
/// The weights are 2 to 13 (DfE UPN guide; the worked example of some vendors, Q207000016049, is wrong, P is right).
package enum PupilNumber: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        guard let letter = text.capital(start) else { return nil }
        var sum = 0
        for place in 1...11 {
            guard text.isDigit(start + place) else { return nil }
            sum &+= (place &+ 1) &* Int(text.byte(start + place) &- 0x30)
        }
        guard let last = value(of: text.byte(start + 12)) else { return nil }
        return CheckLetter.pupil[(sum + 13 * last) % CheckLetter.pupil.count] == letter ? start + 13 : nil
    }

    private static func value(of byte: UInt8) -> Int? {
        Bytes.isDigit(byte) ? Int(byte &- 0x30) : CheckLetter.pupil.firstIndex(of: byte)
    }
}
