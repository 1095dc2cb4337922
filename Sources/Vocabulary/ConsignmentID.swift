/// The name of one consignment everywhere: a UUID of version 7 (RFC 9562 section 5.7), lower case.
///
/// It carries the millisecond of its making and 74 random bits, and nothing about the file or the people in it.
package struct ConsignmentID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// Reads the canonical form; the version and variant bits are checked.
    package init(_ text: String) throws(Malformed) {
        let bytes = Array(text.utf8)
        let hyphens = [8, 13, 18, 23]
        let wrong = Malformed("consignment id", "must be a lower-case UUID of version 7")
        guard bytes.count == 36, hyphens.allSatisfy({ bytes[$0] == UInt8(ascii: "-") }) else { throw wrong }
        guard Hex.decode(text.filter { $0 != "-" })?.count == 16 else { throw wrong }
        guard bytes[14] == UInt8(ascii: "7"), "89ab".utf8.contains(bytes[19]) else { throw wrong }
        self.text = text
    }

    /// Makes one for this moment.
    package static func make(at now: Instant) -> ConsignmentID {
        var random = SystemRandomNumberGenerator()
        let time = UInt64(bitPattern: max(0, now.milliseconds)) & 0xffff_ffff_ffff
        let high = time << 16 | 0x7000 | random.next() & 0x0fff
        let low = 0x8000_0000_0000_0000 | random.next() & 0x3fff_ffff_ffff_ffff
        let hex = Array(Hex.encode(bigEndian(high) + bigEndian(low)).utf8)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return ConsignmentID(
            unchecked: groups.map { String(decoding: hex[$0], as: UTF8.self) }.joined(separator: "-"))
    }

    private init(unchecked text: String) { self.text = text }

    /// The sixteen bytes, for storage.
    package var bytes: [UInt8] { Hex.decode(text.filter { $0 != "-" }) ?? [] }
    package var description: String { text }
    package static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}

/// Eight bytes, most significant first.
package func bigEndian(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
}

extension ConsignmentID {
    /// The UUID as a number, big-endian: for tables of very many.
    package var number: UInt128 {
        text.utf8.reduce(0) { number, digit in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number << 4 | UInt128(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number << 4 | UInt128(digit - UInt8(ascii: "a") + 10)
            default: number
            }
        }
    }

    /// Nil for what is no UUID of version 7.
    package init?(number: UInt128) {
        let digits = String(number, radix: 16)
        var text = String(repeating: "0", count: 32 - digits.count) + digits
        for place in [20, 16, 12, 8] { text.insert("-", at: text.index(text.startIndex, offsetBy: place)) }
        guard let id = try? ConsignmentID(text) else { return nil }
        self = id
    }
}
