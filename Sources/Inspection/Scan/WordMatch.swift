/// Compares the words of the table with a place in the text.
enum WordMatch {
    /// Where the entry ends if it stands at `start`; nil if it does not.
    static func end(
        of entry: WordTable.Entry, _ table: borrowing WordTable, in text: Span<UInt8>, at start: Int
    ) -> Int? {
        let patterns = table.patterns.span
        var index = start
        for place in entry.pattern {
            let byte = patterns[place]
            let found = text.byte(index)
            if byte == Bytes.space {
                guard Bytes.isBlank(found) else { return nil }
                index = afterBlanks(text, index)
            } else if byte == UInt8(ascii: "'"), let after = afterApostrophe(text, index) {
                index = after
            } else {
                guard byte == found || (!entry.isExact && byte == Bytes.lowered(found)) else { return nil }
                index += 1
            }
        }
        if entry.isStem {
            index = afterLetters(text, index)
        } else if Bytes.isAlphanumeric(text.byte(index)) {
            return nil
        }
        return entry.lead.isEmpty || leads(entry, patterns, text, start) ? index : nil
    }

    /// Whether the small words of the entry stand before `start`.
    private static func leads(
        _ entry: WordTable.Entry, _ patterns: Span<UInt8>, _ text: Span<UInt8>, _ start: Int
    ) -> Bool {
        var index = start - 1
        for place in entry.lead.reversed() {
            if patterns[place] == Bytes.space {
                guard Bytes.isBlank(text.byte(index)) else { return false }
                let last = index
                while index > last - 4, Bytes.isBlank(text.byte(index)) { index -= 1 }
            } else {
                guard patterns[place] == Bytes.lowered(text.byte(index)) else { return false }
                index -= 1
            }
        }
        return !Bytes.isAlphanumeric(text.byte(index))
    }

    private static func afterBlanks(_ text: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < start + 4, Bytes.isBlank(text.byte(index)) { index += 1 }
        return index
    }

    /// The rest of a word that begins with a stem, at most 24 bytes.
    private static func afterLetters(_ text: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < start + 24, Bytes.isLetter(text.byte(index)) { index += 1 }
        return index
    }

    /// U+2019 is what word processors write.
    private static func afterApostrophe(_ text: Span<UInt8>, _ index: Int) -> Int? {
        text.byte(index) == 0xe2 && text.byte(index + 1) == 0x80 && text.byte(index + 2) == 0x99 ? index + 3 : nil
    }

    private static let noNames: Set<[UInt8]> = Set(
        ["the", "she", "his", "her", "they", "their", "our", "and", "but", "for", "both", "this", "was", "not"]
            .map { Array($0.utf8) })

    /// Whether a word with a capital looks like part of a name: after a title or a word with a capital, or before one.
    static func looksLikeName(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard Bytes.isCapital(text.byte(start)), Bytes.isSmall(text.byte(start + 1)) else { return false }
        if text.byte(end) == Bytes.space, Bytes.isCapital(text.byte(end + 1)), Bytes.isSmall(text.byte(end + 2)) {
            return true
        }
        var index = start - 1
        guard text.byte(index) == Bytes.space else { return false }
        if text.byte(index - 1) == Bytes.dot, Bytes.isLetter(text.byte(index - 2)) { index -= 1 }
        let isAfterDot = text.byte(index) == Bytes.dot
        var before: [UInt8] = []
        while before.count < 24, Bytes.isLetter(text.byte(index - 1)) {
            index -= 1
            before.insert(text.byte(index), at: 0)
        }
        guard let first = before.first, Bytes.isCapital(first) else { return false }
        if isAfterDot { return before.count <= 3 }
        return before.count > 1 && !noNames.contains(before.map(Bytes.lowered))
    }
}
