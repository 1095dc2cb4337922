/// A telephone number of the United Kingdom: `0` or `+44` and nine or ten digits, in groups or not (Ofcom's national
/// numbering plan: geographic, corporate, mobile and free numbers).
package enum PhoneNumber: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        var index = start
        if text.byte(start) == UInt8(ascii: "4"), text.byte(start + 1) == UInt8(ascii: "4") {
            index = text.afterSpaces(start + 2)
            if text.byte(index) == UInt8(ascii: "0") { return nil }
        } else if text.byte(start) == UInt8(ascii: "0") {
            index = start + 1
        } else {
            return nil
        }
        guard [1, 2, 3, 7, 8].contains(text.number(index, 1) ?? 0) else { return nil }
        return national(text, index)
    }

    /// Nine or ten digits with single spaces or hyphens between groups of three or more.
    private static func national(_ text: Span<UInt8>, _ start: Int) -> Int? {
        var (index, count, group) = (start, 0, 1)
        while count < 11 {
            if text.isDigit(index) {
                (index, count, group) = (index + 1, count + 1, group + 1)
            } else if group >= 3, count < 10, [Bytes.space, Bytes.hyphen].contains(text.byte(index)),
                text.digits(index + 1, most: 3) == 3
            {
                (index, group) = (index + 1, 0)
            } else {
                break
            }
        }
        return count == 9 || count == 10 ? index : nil
    }
}
