/// Reads the one spelling of `JSON` and refuses every other.
///
/// Duplicate members, unsorted members, spaces, fractions, exponents, null, needless escapes, lone surrogates, invalid
/// UTF-8 and anything after the value are refused: re-encoding what was read must give the very same bytes. What the
/// texts in it may hold depends on where it comes from.
extension JSON {
    /// Nesting deeper than this is refused, so that a hostile statement cannot exhaust the stack.
    static let greatestDepth = 16

    /// A statement from outside, or one that is about to be signed: every text is plain and within its bound.
    package init(parsing bytes: [UInt8]) throws(Malformed) { try self.init(bytes, .statement) }

    /// A request or an answer, which as a whole is bounded where it is read: every text is plain.
    package init(request bytes: [UInt8]) throws(Malformed) { try self.init(bytes, .request) }

    /// What we have written ourselves or taken in before: any text.
    package init(kept bytes: [UInt8]) throws(Malformed) { try self.init(bytes, .kept) }

    private init(_ bytes: [UInt8], _ source: JSONParser.Source) throws(Malformed) {
        var parser = JSONParser(bytes: bytes, source: source)
        self = try parser.value(depth: 0, of: "")
        guard parser.isAtEnd else { throw Malformed("JSON", "something follows the value") }
        // Every other spelling was refused on the way; a writer that disagreed would be a fault of ours.
        assert(encoded == bytes)
    }
}

private struct JSONParser {
    enum Source { case statement, request, kept }

    let bytes: [UInt8]
    private let source: Source
    private var at = 0
    /// Of all texts read so far.
    private var texts = (count: 0, bytes: 0)

    init(bytes: [UInt8], source: Source) { (self.bytes, self.source) = (bytes, source) }

    var isAtEnd: Bool { at == bytes.count }
    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private func wrong(_ why: String) -> Malformed { Malformed("JSON", "\(why) at byte \(at)") }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private mutating func require(_ character: Unicode.Scalar) throws(Malformed) {
        guard take(character) else { throw wrong("expected \(character)") }
    }

    /// - Parameter member: whose value it is, or whose list it stands in.
    mutating func value(depth: Int, of member: String) throws(Malformed) -> JSON {
        guard depth < JSON.greatestDepth else { throw wrong("nested too deeply") }
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth, of: member)
        case UInt8(ascii: "\""):
            let (text, isPlain) = try string()
            try requireFit(text, isPlain, member)
            return .string(text)
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        default: return try integer()
        }
    }

    private mutating func object(depth: Int) throws(Malformed) -> JSON {
        try require("{")
        var members: [String: JSON] = [:]
        if take("}") { return .object(members) }
        var last: String?
        repeat {
            let name = try name(after: last)
            let before = texts
            let old = members.updateValue(try value(depth: depth + 1, of: name), forKey: name)
            // Two spellings that Unicode holds for one.
            guard old == nil else { throw wrong("a member stands twice") }
            if name == "label" { try requireBounded(since: before) }
            last = name
        } while take(",")
        try require("}")
        return .object(members)
    }

    /// In the order of their bytes.
    private mutating func name(after last: String?) throws(Malformed) -> String {
        let (name, isPlain) = try string()
        if !isPlain || name.utf8.count > 64 { try requirePlainName(name) }
        try require(":")
        if let last, !JSON.isBefore(last, name) { throw wrong("a member stands twice or not in its place") }
        return name
    }

    private mutating func array(depth: Int, of member: String) throws(Malformed) -> JSON {
        try require("[")
        var items: [JSON] = []
        if take("]") { return .array(items) }
        repeat { items.append(try value(depth: depth + 1, of: member)) } while take(",")
        try require("]")
        return .array(items)
    }

    private mutating func word(_ word: String, _ value: JSON) throws(Malformed) -> JSON {
        guard bytes[at...].starts(with: word.utf8) else { throw wrong("expected a value") }
        at += word.utf8.count
        return value
    }

    /// Integers of RFC 7493 section 2.2: within 2^53, so that every reader sees the same number.
    private mutating func integer() throws(Malformed) -> JSON {
        let isNegative = take("-")
        let start = at
        var number: Int64 = 0
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            number = number * 10 + Int64(byte - UInt8(ascii: "0"))
            guard number < 1 << 53 else { throw wrong("a number is too large") }
            at += 1
        }
        guard at > start else { throw wrong("expected a value") }
        // No zero in front, and none that is negative.
        guard bytes[start] != UInt8(ascii: "0") || (at == start + 1 && !isNegative) else {
            throw wrong("a number that the one spelling does not use")
        }
        return .integer(isNegative ? -number : number)
    }

    /// The text, and whether it is nothing but printable ASCII.
    private mutating func string() throws(Malformed) -> (text: String, isPlain: Bool) {
        try require("\"")
        let start = at
        var isPlain = true
        while at < bytes.count, JSON.isUnescaped(bytes[at]) {
            if bytes[at] > 0x7e { isPlain = false }
            at += 1
        }
        // What is too long for any member need not be read to its end.
        if source == .statement, at - start > StatementText.longest { throw wrong("a text is too long") }
        if take("\"") { return (try decode(bytes[start..<at - 1]), isPlain) }
        return (try escapedString(after: bytes[start..<at]), false)
    }

    /// The rest of a string from its first escape on.
    private mutating func escapedString(after begun: ArraySlice<UInt8>) throws(Malformed) -> String {
        var text = Array(begun)
        while let byte = next {
            at += 1
            if source == .statement, text.count > StatementText.longest { throw wrong("a text is too long") }
            switch byte {
            case UInt8(ascii: "\""): return try decode(text[...])
            case UInt8(ascii: "\\"): text.append(try escape())
            case 0..<0x20: throw wrong("a control character stands in a string")
            default: text.append(byte)
            }
        }
        throw wrong("a string does not end")
    }

    private func decode(_ text: ArraySlice<UInt8>) throws(Malformed) -> String {
        guard let string = String(validating: text, as: UTF8.self) else { throw wrong("a string is not UTF-8") }
        return string
    }

    /// The seven escapes that the writer makes, and `\u00XX` for the other control characters.
    private mutating func escape() throws(Malformed) -> UInt8 {
        guard let byte = next else { throw wrong("a string does not end") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
        case UInt8(ascii: "n"): return 0x0a
        case UInt8(ascii: "r"): return 0x0d
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return try hexEscape()
        default: throw wrong("an escape that the one spelling does not use")
        }
    }

    private mutating func hexEscape() throws(Malformed) -> UInt8 {
        guard at + 4 <= bytes.count else { throw wrong("a string does not end") }
        let digits = Hex.decode(String(decoding: bytes[at..<at + 4], as: UTF8.self))
        guard let digits, digits[0] == 0, digits[1] < 0x20, ![0x09, 0x0a, 0x0d].contains(digits[1]) else {
            throw wrong("an escape that the one spelling does not use")
        }
        at += 4
        return digits[1]
    }
}

// What the texts of a statement may be.

extension JSONParser {
    private mutating func requireFit(_ text: String, _ isPlain: Bool, _ member: String) throws(Malformed) {
        texts = (texts.count + 1, texts.bytes + text.utf8.count)
        // Printable ASCII may stand everywhere.
        if !isPlain || text.utf8.count > StatementText.least { try requirePlain(text, member) }
    }

    private func requirePlain(_ text: String, _ member: String) throws(Malformed) {
        switch source {
        case .kept: break
        case .request:
            if let fault = PlainText.fault(in: text, .lines) { throw Malformed(Self.told(member), "\(fault)") }
        case .statement:
            let bound = StatementText.bound(of: member)
            guard text.utf8.count <= bound.bytes else {
                throw Malformed(Self.told(member), "is longer than \(bound.bytes) bytes")
            }
            if let fault = PlainText.fault(in: text, bound.shape) { throw Malformed(Self.told(member), "\(fault)") }
        }
    }

    private func requirePlainName(_ name: String) throws(Malformed) {
        if source == .kept { return }
        guard name.utf8.count <= 64 else { throw wrong("a member has a name of more than 64 bytes") }
        if let fault = PlainText.fault(in: name, .line) { throw wrong("a member has a name that \(fault)") }
    }

    private func requireBounded(since before: (count: Int, bytes: Int)) throws(Malformed) {
        guard source == .statement else { return }
        guard texts.bytes - before.bytes <= StatementText.mostLabelBytes else {
            throw Malformed("label", "holds more than \(StatementText.mostLabelBytes / 1024) KiB of text")
        }
        guard texts.count - before.count <= StatementText.mostLabelTexts else {
            throw Malformed("label", "holds more than \(StatementText.mostLabelTexts) texts")
        }
    }

    /// Never a name of somebody else's making: it may hold personal data.
    private static func told(_ member: String) -> String { StatementText.knows(member) ? member : "a text" }
}
