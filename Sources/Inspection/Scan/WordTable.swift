/// A lexicon and the context words, laid out for the scanner: made once, shared by all scanners.
///
/// A place is worth a look if it begins a word whose first four letters (five bits each) are in a set of 2^20 bits.
/// English touches few lines of those 128 KiB, so that they stay in the first cache.
package struct WordTable: Sendable {
    enum Role: Hashable {
        case trap(Int)
        case context(Int)
        case word(Int, weight: Int)

        /// Traps before the words that they cancel.
        var order: Int {
            switch self {
            case .trap: 0
            case .context: 1
            case .word: 2
            }
        }
    }

    struct Entry {
        /// Where its bytes stand in `patterns`, and those that must stand before them.
        let pattern: Range<Int>
        let lead: Range<Int>
        let isStem: Bool
        /// Only in this spelling, not in any case.
        let isExact: Bool
        let mayBeName: Bool
        let role: Role
    }

    /// The entries that share a key.
    private struct Slot {
        var key: UInt32 = 0
        var entries = 0..<0
    }

    /// An entry under one of its keys, and what may be its fifth and sixth bytes: a mask as in `sieve`.
    private struct Place {
        let key: UInt32
        /// Its number, the same in every table that is made of this one.
        let entry: Int
        let next: UInt64
    }

    package let lexicon: Lexicon
    /// Bit k: some word or number begins with the four classes of `k`.
    let starts: [UInt64]
    /// `Bytes.kind` by byte.
    let kinds: [UInt32]
    let patterns: [UInt8]
    private let entries: [Entry]
    /// By `slot(of:)`: bit k, some word there can have a fifth byte of class k; bit 32 + k, a sixth.
    let sieve: [UInt64]
    static let sieveSize = 2048
    private static let kinds = (0...255).map { Bytes.kind(UInt8($0)) }
    /// Open addressing by `slot(of:)`; key 0 is empty.
    private let slots: [Slot]
    private let places: [Place]

    /// - Parameter organisation: whose allow-lists hold; nil for none.
    package init(_ lexicon: Lexicon, organisation: String? = nil) {
        let words = Self.words(lexicon, organisation)
        var (entries, offset): ([Entry], Int) = ([], 0)
        for word in words {
            let start = offset + word.lead.count
            entries.append(
                Entry(
                    pattern: start..<start + word.pattern.count, lead: offset..<start, isStem: word.isStem,
                    isExact: word.isExact, mayBeName: word.mayBeName, role: word.role))
            offset = start + word.pattern.count
        }
        self.init(lexicon, patterns: words.flatMap { $0.lead + $0.pattern }, entries, Self.places(words))
    }

    /// - Parameter places: sorted by key, those of one key as they are to be tried.
    private init(
        _ lexicon: Lexicon, patterns: [UInt8], _ entries: [Entry], _ places: [Place], hasNumbers: Bool = true
    ) {
        (self.lexicon, self.patterns, self.entries, self.places) = (lexicon, patterns, entries, places)
        kinds = Self.kinds
        var starts = hasNumbers ? StartKey.numbers : [UInt64](repeating: 0, count: StartKey.numbers.count)
        var sieve = [UInt64](repeating: 0, count: Self.sieveSize)
        for place in places {
            starts[Int(place.key >> 6)] |= 1 << UInt64(place.key & 63)
            sieve[Self.slot(of: place.key, Self.sieveSize)] |= place.next
        }
        (self.starts, self.sieve, slots) = (starts, sieve, Self.slots(places))
    }

    /// The same words by the same numbers, without those that can teach nothing more.
    func without(_ known: Saturation) -> WordTable {
        let places = places.filter { known.isNeeded(entries[$0.entry].role) }
        return WordTable(lexicon, patterns: patterns, entries, places, hasNumbers: !known.hasAllKinds)
    }

    /// The entries that may stand at a place with this key: traps, context words, words, the longest first.
    func candidates(_ key: UInt32) -> Range<Int> {
        var place = Self.slot(of: key, slots.count)
        while slots[place].key != key {
            if slots[place].key == 0 { return 0..<0 }
            place = (place + 1) & (slots.count - 1)
        }
        return slots[place].entries
    }

    /// The number of the entry of a candidate.
    func id(_ candidate: Int) -> Int { places[candidate].entry }
    func entry(_ candidate: Int) -> Entry { entries[places[candidate].entry] }

    static func slot(of key: UInt32, _ size: Int) -> Int { Int((key &* 0x9E37_79B1) >> 8) & (size - 1) }

    private static func places(_ words: [ListedWord]) -> [Place] {
        var places: [Place] = []
        for (index, word) in words.enumerated() {
            let next = UInt64(word.kinds(at: 4)) | UInt64(word.kinds(at: 5)) << 32
            for key in StartKey.keys(of: word.pattern, isStem: word.isStem) {
                places.append(Place(key: key, entry: index, next: next))
            }
        }
        return places.sorted { a, b in
            let (one, two) = (words[a.entry], words[b.entry])
            return (a.key, one.role.order, two.length, a.entry) < (b.key, two.role.order, one.length, b.entry)
        }
    }

    private static func slots(_ places: [Place]) -> [Slot] {
        var slots = [Slot](repeating: Slot(), count: slotCount(places.count))
        var start = 0
        while start < places.count {
            let key = places[start].key
            var (end, slot) = (start, slot(of: key, slots.count))
            while end < places.count, places[end].key == key { end += 1 }
            while slots[slot].key != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Slot(key: key, entries: start..<end)
            start = end
        }
        return slots
    }

    private static func slotCount(_ places: Int) -> Int {
        var count = 64
        while count < places * 4 { count *= 2 }
        return count
    }

    private static func words(_ lexicon: Lexicon, _ organisation: String?) -> [ListedWord] {
        var words: [ListedWord] = []
        for (index, family) in lexicon.families.enumerated() {
            words += family.words.filter { Lexicon.isWord($0.text) }.map { word in
                ListedWord(word.text, .word(index, weight: word.weight), mayBeName: family.names.contains(word.text))
            }
            let traps = family.traps + (organisation.flatMap { family.allowed[$0] } ?? [])
            words += traps.filter(Lexicon.isWord).map { ListedWord($0, .trap(index)) }
        }
        for kind in IdentifierKind.allCases {
            words += kind.contextWords.map { ListedWord($0, .context(kind.index)) }
        }
        return words
    }
}
