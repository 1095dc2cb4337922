/// National Insurance number: two letters, six digits, A to D, with or without spaces between the pairs. No check
/// digit (HMRC NIM39110 lists the prefixes that are never issued; `QQ` is the dummy of documents).
package enum InsuranceNumber: Identifier {
    private static let never: [(UInt8, UInt8)] = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].map { pair in
        let bytes = Array(pair.utf8)
        return (bytes[0], bytes[1])
    }

    private static let barred = Array("DFIQUV".utf8)

    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        guard let first = text.capital(start), let second = text.capital(start + 1) else { return nil }
        guard !barred.contains(first), !barred.contains(second), second != UInt8(ascii: "O"),
            !never.contains(where: { $0 == (first, second) })
        else { return nil }
        var index = start + 2
        let spaced = text.byte(index) == Bytes.space
        for _ in 0..<3 {
            if spaced, text.byte(index) == Bytes.space { index += 1 }
            guard text.isDigit(index), text.isDigit(index + 1) else { return nil }
            index += 2
        }
        if spaced, text.byte(index) == Bytes.space { index += 1 }
        return text.byte(index) &- UInt8(ascii: "A") < 4 ? index + 1 : nil
    }
}
