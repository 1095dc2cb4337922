/// The JSON of statements: I-JSON (RFC 7493) in one spelling only.
///
/// Members sorted by name, no insignificant whitespace, integers only, no null. Reading refuses any other spelling, so
/// a statement has exactly one encoding and nothing ever needs to be canonicalised.
package indirect enum JSON: Hashable, Sendable {
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
        bytes.append(UInt8(ascii: "{"))
        for (i, name) in members.keys.sorted(by: isBefore).enumerated() {
            if i > 0 { bytes.append(UInt8(ascii: ",")) }
            write(name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            members[name]?.write(to: &bytes)
        }
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
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
            case 0x0a: bytes.append(contentsOf: #"\n"#.utf8)
            case 0x0d: bytes.append(contentsOf: #"\r"#.utf8)
            case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20: bytes.append(contentsOf: (#"\u00"# + Hex.encode([byte])).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// By bytes, not by Unicode equivalence: two names that only look alike are two names.
    static func isBefore(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
}
