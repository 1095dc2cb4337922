package import Vocabulary

/// Looks for identifiers and words in a stream of UTF-8 and counts them. Holds 33 KiB of the text and nothing of it
/// in the result.
///
/// What is found does not depend on where the pieces end: a place is looked at once `ahead` bytes after it are there
/// and `behind` bytes before it still are, and no rule looks further.
package struct Scanner: ~Copyable, TextSink {
    private static let size = 32 << 10
    static let behind = 128
    static let ahead = 320

    private var table: WordTable
    private var finder: Finder
    private var known: Saturation
    /// `filled` bytes of text; what follows is left over from before.
    private var buffer = [UInt8](repeating: 0, count: size + ahead)
    /// A NUL comes before the text.
    private var filled = 1
    private var front = Front()

    /// - Parameters:
    ///   - table: The words.
    ///   - today: For what a birth date can be, and who is a child.
    ///   - counting: Of the bytes fed, those in which a find must begin to be counted: all, unless this is a slice of a
    ///     text that is scanned in several at once. Feed such a slice with `sliceLead` bytes before it and `sliceTail`
    ///     after it (fewer at the ends of the text), and the tallies merge into that of the whole.
    ///   - most: What is counted up to this, and is as certain as it can be, is left out of the rest.
    package init(
        _ table: WordTable, today: CalendarDate, counting: Range<Int> = 0..<Int.max, most: Int = Tally.most
    ) {
        self.table = table
        known = Saturation(table.lexicon, most: most)
        finder = Finder(table, today: today, counting: counting)
        finder.base = -1
    }

    package static let sliceTail = ahead
    /// Enough for every window of the lexicon.
    package static func sliceLead(_ lexicon: Lexicon) -> Int {
        behind + (lexicon.families.map(\.window).max() ?? 0) + 256
    }

    /// Whether nothing that may follow can change what is told: the rest need not be fed.
    package private(set) var isSaturated = false

    package mutating func feed(_ utf8: Span<UInt8>) {
        var taken = 0
        while taken < utf8.count, !isSaturated {
            let length = min(utf8.count - taken, Self.size - filled)
            fill(utf8.extracting(taken..<taken + length))
            taken += length
            if filled == Self.size { drain() }
        }
    }

    /// A NUL: no word, phrase or number reaches over it.
    package mutating func gap() {
        guard !isSaturated else { return }
        buffer[filled] = Bytes.nul
        filled += 1
        if filled == Self.size { drain() }
    }

    /// The counts of everything fed.
    package consuming func finish() -> Tally {
        for index in filled..<filled + Self.ahead { buffer[index] = Bytes.nul }
        look(before: filled)
        return finder.tally
    }

    private mutating func fill(_ piece: Span<UInt8>) {
        Self.copy(piece, to: &buffer, at: filled)
        filled += piece.count
    }

    private static func copy(_ piece: Span<UInt8>, to buffer: inout [UInt8], at start: Int) {
        var target = buffer.mutableSpan
        for index in 0..<piece.count { target[start &+ index] = piece[index] }
    }

    /// Looks at every place that has enough text after it and keeps what the next ones need.
    private mutating func drain() {
        let limit = filled - Self.ahead
        look(before: limit)
        let start = limit - Self.behind
        for index in start..<filled { buffer[index - start] = buffer[index] }
        filled -= start
        front.next -= start
        finder.base += start
        if known.learn(finder.tally) { forget() }
    }

    /// Goes on without what can teach nothing more.
    private mutating func forget() {
        table = table.without(known)
        isSaturated = known.isComplete
    }

    private mutating func look(before limit: Int) {
        Self.look(buffer, table, finder: &finder, front: &front, before: limit)
    }

    private static func look(
        _ buffer: [UInt8], _ table: WordTable, finder: inout Finder, front: inout Front, before limit: Int
    ) {
        let text = buffer.span
        while front.next < limit {
            front.gather(text, table, upTo: limit)
            for place in 0..<front.count {
                let (start, key) = front[place]
                finder.look(text, start, key, table)
            }
        }
    }
}
