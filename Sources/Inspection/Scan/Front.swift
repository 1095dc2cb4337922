/// The fast loop: proposes places where a word or number of the table may begin.
///
/// Block by block in three runs without a branch that is hard to foretell: the classes of all bytes, where words begin,
/// and of those the places whose first six bytes some word or number can have.
struct Front {
    private static let block = 4096
    private static let digit = UInt8(StartKey.digit)
    /// Of the text after a block, what the last words in it are known by.
    private static let more = 6
    /// The next byte to look at. There is always one before it.
    var next = 1
    /// Of the byte before the block, of the block, and of what follows.
    private var classes = [UInt8](repeating: 0, count: 1 + block + more)
    private var begins = [UInt8](repeating: 0, count: block)
    private var words = [UInt16](repeating: 0, count: block)
    /// Keys in the upper half, places in the lower.
    private var places = [UInt64](repeating: 0, count: block / 2)
    private(set) var count = 0

    subscript(index: Int) -> (start: Int, key: UInt32) {
        let place = places[index]
        return (Int(truncatingIfNeeded: place & 0xffff_ffff), UInt32(truncatingIfNeeded: place &>> 32))
    }

    /// Looks at a block, at most to `end`, after which the text must go on for `more` bytes.
    mutating func gather(_ text: Span<UInt8>, _ table: borrowing WordTable, upTo end: Int) {
        let size = min(end &- next, Self.block)
        Self.classify(text.extracting(next - 1..<next + size + Self.more), into: &classes)
        Self.mark(classes, size, &begins)
        let found = Self.collect(begins, size, &words)
        // Lent out of a name of its own: a span of `self` may not live while `self` is changed.
        let words = words
        count = Self.sift(classes, words.span.extracting(first: found), table, base: next, into: &places)
        next += size
    }

    /// `Bytes.kind` of each, in a form that becomes vector instructions.
    private static func classify(_ text: Span<UInt8>, into classes: inout [UInt8]) {
        var out = classes.mutableSpan
        // Always so; said here and below, the compiler leaves out a check of every index.
        guard out.count >= text.count else { return }
        for index in 0..<text.count {
            let byte = text[index]
            let letter = (byte | 0x20) &- 0x61 < 26 ? byte & 31 : 0
            out[index] = byte &- 0x30 < 10 ? digit : letter
        }
    }

    /// 1 where a word begins.
    private static func mark(_ classes: [UInt8], _ size: Int, _ begins: inout [UInt8]) {
        let (before, here) = (classes.span.extracting(first: size), classes.span.extracting(1..<1 + size))
        var out = begins.mutableSpan
        guard out.count >= size, before.count == size, here.count == size else { return }
        for index in 0..<size { out[index] = (before[index] == 0 ? 1 : 0) & (here[index] == 0 ? 0 : 1) }
    }

    /// Where the ones are; returns how many.
    private static func collect(_ begins: [UInt8], _ size: Int, _ words: inout [UInt16]) -> Int {
        let begins = begins.span.extracting(first: size)
        var out = words.mutableSpan
        var count = 0
        guard out.count == block, begins.count == size else { return 0 }
        for index in 0..<size {
            out[count & (block - 1)] = UInt16(truncatingIfNeeded: index)
            count &+= Int(begins[index])
        }
        return count
    }

    private static func sift(
        _ classes: [UInt8], _ words: Span<UInt16>, _ table: borrowing WordTable, base: Int,
        into places: inout [UInt64]
    ) -> Int {
        let (classes, starts, sieve) = (classes.span, table.starts.span, table.sieve.span)
        var out = places.mutableSpan
        var count = 0
        guard starts.count == 1 << 14, sieve.count == WordTable.sieveSize, classes.count == 1 + block + more,
            out.count == block / 2
        else { return 0 }
        for index in 0..<words.count {
            let place = Int(words[index]) & (block - 1)
            let key =
                UInt32(classes[place + 1]) &<< 15 | UInt32(classes[place + 2]) &<< 10
                | UInt32(classes[place + 3]) &<< 5 | UInt32(classes[place + 4])
            if starts[Int(key &>> 6) & 0x3fff] &>> UInt64(key & 63) & 1 == 0 { continue }
            let mask = sieve[WordTable.slot(of: key, WordTable.sieveSize)]
            let fits = mask &>> UInt64(classes[place + 5]) & mask &>> UInt64(32 &+ classes[place + 6]) & 1
            if fits == 0, !StartKey.hasDigit(key) { continue }
            out[count & (block / 2 - 1)] = UInt64(key) &<< 32 | UInt64(truncatingIfNeeded: base &+ place)
            count &+= 1
        }
        return count
    }
}
