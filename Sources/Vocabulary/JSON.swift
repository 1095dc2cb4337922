/// The JSON of statements: I-JSON (RFC 7493) in one spelling only.
///
/// Members sorted by name, no insignificant whitespace, integers only, no null. Reading refuses any other spelling, so
/// a statement has exactly one encoding and nothing ever needs to be canonicalised.
package enum JSON: Hashable, Sendable {
    case object([String: JSON])
    case array([JSON])
    case string(String)
    case integer(Int64)
    case bool(Bool)

    /// The one spelling, in UTF-8.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        write(to: &bytes)
        return bytes
    }

    /// The one spelling as text.
    package var text: String { String(decoding: encoded, as: UTF8.self) }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .object(let members): Self.write(members, to: &bytes)
        case .array(let items): Self.write(items, to: &bytes)
        case .string(let text): Self.write(text, to: &bytes)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        }
    }

    private static func write(_ members: [String: JSON], to bytes: inout [UInt8]) {
        var mark = UInt8(ascii: "{")
        for (name, value) in members.sorted(by: { isBefore($0.key, $1.key) }) {
            bytes.append(mark)
            write(name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            value.write(to: &bytes)
            mark = UInt8(ascii: ",")
        }
        if members.isEmpty { bytes.append(mark) }
        bytes.append(UInt8(ascii: "}"))
    }

    private static func write(_ items: [JSON], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (i, item) in items.enumerated() {
            if i > 0 { bytes.append(UInt8(ascii: ",")) }
            item.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Escapes what RFC 8259 section 7 requires and nothing else.
    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if text.hasOnly(isUnescaped) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 {
                if isUnescaped(byte) { bytes.append(byte) } else { write(escaped: byte, to: &bytes) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func write(escaped byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
        case 0x0a: bytes.append(contentsOf: #"\n"#.utf8)
        case 0x0d: bytes.append(contentsOf: #"\r"#.utf8)
        case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
        default: bytes.append(contentsOf: (#"\u00"# + Hex.encode([byte])).utf8)
        }
    }

    /// Stands for itself in a string.
    static func isUnescaped(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// By bytes, not by Unicode equivalence: two names that only look alike are two names.
    static func isBefore(_ a: String, _ b: String) -> Bool {
        let (a, b) = (a.utf8.span, b.utf8.span)
        for at in 0..<min(a.count, b.count) where a[at] != b[at] { return a[at] < b[at] }
        return a.count < b.count
    }
}

extension String {
    /// Whether this holds of all its bytes.
    package func hasOnly(_ isFit: (UInt8) -> Bool) -> Bool {
        let bytes = utf8.span
        for at in bytes.indices where !isFit(bytes[at]) { return false }
        return true
    }
}
