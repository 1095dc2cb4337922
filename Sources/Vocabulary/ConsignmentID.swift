/// The name of one consignment everywhere: a UUID of version 7 (RFC 9562 section 5.7), lower case.
///
/// It carries the millisecond of its making and 74 random bits, and nothing about the file or the people in it.
package struct ConsignmentID: Hashable, Comparable, Sendable, CustomStringConvertible {
    // Two halves and no `UInt128`: its alignment of 16 bytes breaks tasks of unoptimized builds (Swift 6.3.1).
    private let high: UInt64
    private let low: UInt64

    /// The UUID as a number, big-endian: tables of very many compare and copy no text.
    package var number: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// Reads the canonical form; the version and variant bits are checked.
    package init(_ text: String) throws(Malformed) {
        guard let number = Self.number(text), Self.isOurs(number) else {
            throw Malformed("consignment id", "must be a lower-case UUID of version 7")
        }
        self.init(unchecked: number)
    }

    /// Nil for what is no UUID of version 7.
    package init?(number: UInt128) {
        guard Self.isOurs(number) else { return nil }
        self.init(unchecked: number)
    }

    /// Makes one for this moment.
    package static func make(at now: Instant) -> ConsignmentID {
        var random = SystemRandomNumberGenerator()
        let time = UInt64(bitPattern: max(0, now.milliseconds)) & 0xffff_ffff_ffff
        let high = time << 16 | 0x7000 | random.next() & 0x0fff
        let low = 0x8000_0000_0000_0000 | random.next() & 0x3fff_ffff_ffff_ffff
        return ConsignmentID(unchecked: UInt128(high) << 64 | UInt128(low))
    }

    private init(unchecked number: UInt128) {
        (high, low) = (UInt64(truncatingIfNeeded: number >> 64), UInt64(truncatingIfNeeded: number))
    }

    /// Version 7, and the variant of RFC 9562.
    private static func isOurs(_ number: UInt128) -> Bool {
        (number >> 76) & 0xf == 7 && (number >> 62) & 0b11 == 0b10
    }

    private static func isHyphen(_ place: Int) -> Bool { place == 8 || place == 13 || place == 18 || place == 23 }

    private static func number(_ text: String) -> UInt128? {
        guard text.utf8.count == 36 else { return nil }
        var number: UInt128 = 0
        for (place, character) in text.utf8.enumerated() {
            if isHyphen(place) {
                guard character == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = Hex.value(character) else { return nil }
                number = number << 4 | UInt128(digit)
            }
        }
        return number
    }

    /// 36 characters.
    package var text: String {
        var text = [UInt8](repeating: UInt8(ascii: "-"), count: 36)
        var left = number
        for place in (0..<36).reversed() where !Self.isHyphen(place) {
            text[place] = Hex.digit(UInt8(truncatingIfNeeded: left & 0xf))
            left >>= 4
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The sixteen bytes, for storage.
    package var bytes: [UInt8] { bigEndian(high) + bigEndian(low) }
    package var description: String { text }
    package static func < (a: Self, b: Self) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// Eight bytes, most significant first.
package func bigEndian(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
}
