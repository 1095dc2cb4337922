/// Sort code and account number. Only the shape is known, but for two ranges whose weights follow from the examples that
/// Vocalink publishes ("Validating account numbers"): its table is licensed and not shipped.
package enum BankAccount: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        guard let (sortCode, after) = sortCode(text, start), text.byte(after) == Bytes.space else { return nil }
        let account = text.afterSpaces(after)
        guard let number = text.number(account, 8) else { return nil }
        return isKnownWrong(sortCode, number) ? nil : account + 8
    }

    /// `089999` or `08-99-99`.
    static func sortCode(_ text: Span<UInt8>, _ start: Int) -> (number: Int, end: Int)? {
        if let number = text.number(start, 6) { return (number, start + 6) }
        guard text.byte(start + 2) == Bytes.hyphen, text.byte(start + 5) == Bytes.hyphen,
            let a = text.number(start, 2), let b = text.number(start + 3, 2), let c = text.number(start + 6, 2)
        else { return nil }
        return (a * 10_000 + b * 100 + c, start + 8)
    }

    static func isChecked(_ sortCode: Int) -> Bool { (89_000...89_999).contains(sortCode) || sortCode == 107_999 }

    static func isKnownWrong(_ sortCode: Int, _ account: Int) -> Bool {
        switch sortCode {
        case 89_000...89_999: sum(account, [7, 1, 3, 7, 1, 3, 7, 1]) % 10 != 0
        case 107_999: sum(account, [8, 7, 6, 5, 4, 3, 2, 1]) % 11 != 0
        default: false
        }
    }

    private static func sum(_ account: Int, _ weights: [Int]) -> Int {
        var (rest, sum) = (account, 0)
        for weight in weights.reversed() {
            sum += rest % 10 * weight
            rest /= 10
        }
        return sum
    }
}
