/// Postcode after the pattern of GOV.UK; the two letters at the end are none of C I K M O V. `ZZ99` are the NHS's
/// codes for no fixed abode, unknown and the like, which break that rule.
package enum Postcode: Identifier {
    private static let neverFirst = Array("QVX".utf8)
    private static let neverSecond = Array("IJZ".utf8)
    private static let neverInward = Array("CIKMOV".utf8)

    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        guard let outward = outward(text, start) else { return nil }
        let inward = text.byte(outward) == Bytes.space ? outward + 1 : outward
        guard text.isDigit(inward), let a = text.capital(inward + 1), let b = text.capital(inward + 2) else {
            return nil
        }
        return isPseudo(text, start) || !(neverInward.contains(a) || neverInward.contains(b)) ? inward + 3 : nil
    }

    private static func isPseudo(_ text: Span<UInt8>, _ start: Int) -> Bool {
        text.byte(start) == UInt8(ascii: "Z") && text.byte(start + 1) == UInt8(ascii: "Z")
            && text.number(start + 2, 2) == 99
    }

    /// `TS1`, `TS19`, `M1`, `M11`, `W1A`, `SW1A`; where the inward code follows without a space, its digit is not ours.
    private static func outward(_ text: Span<UInt8>, _ start: Int) -> Int? {
        guard let first = text.capital(start), !neverFirst.contains(first) else { return nil }
        let hasTwo = text.capital(start + 1) != nil
        if hasTwo, neverSecond.contains(text.byte(start + 1)), !isPseudo(text, start) { return nil }
        let district = start + (hasTwo ? 2 : 1)
        guard text.isDigit(district) else { return nil }
        let next = text.byte(district + 1)
        guard Bytes.isDigit(next) || Bytes.isCapital(next) else { return district + 1 }
        // `TS19ZZ` is TS1 9ZZ, `TS199ZZ` is TS19 9ZZ.
        if Bytes.isDigit(next), text.capital(district + 2) != nil { return district + 1 }
        return district + 2
    }
}
