/// Outside bytes are not DER, or not the DER that was expected. Callers turn this into their own refusal.
package struct NotDER: Error {
    package init() {}
}

/// Tag and length at the front of an element. Only definite, minimal lengths of at most four octets exist for us.
package struct DERHeader {
    package let tag: UInt8
    /// Octets of tag and length.
    package let headerCount: Int
    package let contentCount: Int

    package var totalCount: Int { headerCount + contentCount }

    /// Reads the front of an element. Nil: more bytes are needed. Throws with the first byte that cannot be right.
    package init?(_ bytes: ArraySlice<UInt8>) throws(NotDER) {
        guard let tag = bytes.first else { return nil }
        guard tag & 0x1f != 0x1f else { throw NotDER() }
        let lengths = bytes.dropFirst()
        guard let first = lengths.first else { return nil }
        guard first != 0x80, first <= 0x84 else { throw NotDER() }
        let octets = lengths.dropFirst().prefix(Int(first & 0x7f))
        guard first > 0x80 else {
            (self.tag, headerCount, contentCount) = (tag, 2, Int(first))
            return
        }
        guard octets.first != 0, !(first == 0x81 && (octets.first ?? 0xff) < 0x80) else { throw NotDER() }
        guard octets.count == Int(first & 0x7f) else { return nil }
        (self.tag, headerCount) = (tag, 2 + octets.count)
        contentCount = octets.reduce(0) { $0 << 8 | Int($1) }
    }
}

/// Walks DER that is all at hand, without libcrypto: outside bytes meet this reader first. It takes nothing but what is
/// asked for, so every message has one accepted spelling.
package struct DERReader {
    let bytes: [UInt8]
    package private(set) var position: Int
    let end: Int

    package init(_ bytes: [UInt8]) { self.init(bytes, in: bytes.indices) }

    init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    package var isAtEnd: Bool { position == end }
    /// The tag of the next element, if there is one.
    var tag: UInt8? { isAtEnd ? nil : bytes[position] }

    /// The next element, whatever it is: all of it, and its content.
    mutating func any() throws(NotDER) -> (whole: Range<Int>, content: Range<Int>) {
        guard let header = try DERHeader(bytes[position..<end]), header.totalCount <= end - position else {
            throw NotDER()
        }
        let whole = position..<(position + header.totalCount)
        position = whole.upperBound
        return (whole, (whole.lowerBound + header.headerCount)..<whole.upperBound)
    }

    /// The content of the next element, which must have this tag.
    mutating func content(_ tag: UInt8) throws(NotDER) -> Range<Int> {
        guard self.tag == tag else { throw NotDER() }
        return try any().content
    }

    /// All of the next element, which must have this tag.
    mutating func whole(_ tag: UInt8) throws(NotDER) -> [UInt8] {
        guard self.tag == tag else { throw NotDER() }
        return Array(bytes[try any().whole])
    }

    /// A reader of the content of the next element, which must have this tag.
    package mutating func enter(_ tag: UInt8) throws(NotDER) -> DERReader {
        DERReader(bytes, in: try content(tag))
    }

    /// A reader of the next element's content if it has this tag; else nothing is taken.
    mutating func enterIfPresent(_ tag: UInt8) throws(NotDER) -> DERReader? {
        self.tag == tag ? try enter(tag) : nil
    }

    /// The next bytes must be exactly these elements.
    mutating func expect(_ elements: [UInt8]) throws(NotDER) {
        guard skip(elements) else { throw NotDER() }
    }

    /// Takes these elements if they stand next.
    mutating func skip(_ elements: [UInt8]) -> Bool {
        guard bytes[position..<end].starts(with: elements) else { return false }
        position += elements.count
        return true
    }

    package mutating func octets(_ tag: UInt8 = DER.octets, count: Int? = nil) throws(NotDER) -> [UInt8] {
        let content = try content(tag)
        guard count == nil || content.count == count else { throw NotDER() }
        return Array(bytes[content])
    }

    /// The whole octets of a BIT STRING.
    mutating func bits() throws(NotDER) -> [UInt8] {
        let content = try octets(DER.bitString)
        guard content.first == 0 else { throw NotDER() }
        return Array(content.dropFirst())
    }

    /// Everything must have been taken.
    package func finish() throws(NotDER) {
        guard isAtEnd else { throw NotDER() }
    }
}
