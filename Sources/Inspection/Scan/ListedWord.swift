/// One word on its way into a table.
struct ListedWord {
    var pattern: [UInt8]
    /// Small words at the front with the space after them. Every other sentence has such a word: the place that is
    /// looked at is where the rest begins.
    var lead: [UInt8] = []
    let isStem: Bool
    let isExact: Bool
    let mayBeName: Bool
    let role: WordTable.Role

    init(_ text: String, _ role: WordTable.Role, mayBeName: Bool = false) {
        pattern = Array(text.utf8)
        isStem = pattern.last == UInt8(ascii: "*")
        if isStem { pattern.removeLast() }
        isExact = pattern.count > 1 && Bytes.isCapital(pattern[0]) && !Bytes.isSmall(pattern[1])
        if !isExact { pattern = pattern.map(Bytes.lowered) }
        (self.mayBeName, self.role) = (mayBeName, role)
        while let space = pattern.firstIndex(of: Bytes.space), pattern.count - space > 3,
            Self.small.contains(Array(pattern[..<space])), Bytes.isAlphanumeric(pattern[space + 1])
        {
            lead += pattern[...space]
            pattern.removeFirst(space + 1)
        }
    }

    var length: Int { lead.count + pattern.count }

    private static let small = Set(
        [
            "a", "an", "and", "are", "as", "at", "be", "been", "being", "by", "came", "come", "did", "does", "for",
            "full", "had", "has", "have", "having", "her", "his", "in", "is", "it", "may", "no", "not", "of", "on",
            "our", "out", "that", "the", "their", "to", "was", "were", "with", "would",
        ].map { Array($0.utf8) })

    /// The classes that a text matching it can have at a place; all of them where that is not plain.
    func kinds(at place: Int) -> UInt32 {
        if place < pattern.count, !pattern[...place].contains(where: { Bytes.kind($0) == 0 }) {
            return 1 << Bytes.kind(pattern[place])
        }
        if let blank = pattern.firstIndex(where: { Bytes.kind($0) == 0 }), blank <= place {
            // Blanks may be several: any byte of the pattern up to here, or a blank.
            return pattern[blank...min(place, pattern.count - 1)].reduce(1) { $0 | 1 << Bytes.kind($1) }
                | (place >= pattern.count ? ~0 : 0)
        }
        return place == pattern.count && !isStem ? 1 : ~0
    }
}
