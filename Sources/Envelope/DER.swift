/// Writes DER (ITU-T X.690): each function returns one complete element.
package enum DER {
    package static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    package static let octets: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let oid: UInt8 = 0x06
    static let utf8: UInt8 = 0x0c
    static let utcTime: UInt8 = 0x17
    static let generalizedTime: UInt8 = 0x18
    package static let enumerated: UInt8 = 0x0a
    package static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31

    /// `[number]`, constructed: EXPLICIT, or IMPLICIT over a SEQUENCE or SET.
    static func context(_ number: UInt8) -> UInt8 { 0xa0 | number }
    /// `[number]` IMPLICIT over a primitive.
    static func primitive(_ number: UInt8) -> UInt8 { 0x80 | number }

    /// Tag and length of an element with `count` bytes of content.
    static func header(_ tag: UInt8, count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [tag, UInt8(count)] }
        let octets = (8 - count.leadingZeroBitCount / 8)
        return [tag, 0x80 | UInt8(octets)]
            + (0..<octets).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
    }

    package static func element(_ tag: UInt8, _ content: [UInt8]...) -> [UInt8] { element(tag, content) }

    static func element(_ tag: UInt8, _ content: [[UInt8]]) -> [UInt8] {
        var bytes = header(tag, count: content.reduce(0) { $0 + $1.count })
        for piece in content { bytes += piece }
        return bytes
    }

    package static func sequence(_ content: [UInt8]...) -> [UInt8] { element(sequence, content) }

    /// A SET OF: its members stand in the order of their encodings (X.690, 11.6).
    static func set(_ members: [UInt8]...) -> [UInt8] { setOf(set, members) }

    static func setOf(_ tag: UInt8, _ members: [[UInt8]]) -> [UInt8] {
        element(tag, members.sorted { $0.lexicographicallyPrecedes($1) })
    }

    package static func integer(_ value: UInt8) -> [UInt8] { element(integer, value < 0x80 ? [value] : [0, value]) }
    /// An INTEGER that is not negative, from its bytes, most significant first.
    static func integer(unsigned bytes: [UInt8]) -> [UInt8] {
        let digits = bytes.drop { $0 == 0 }
        return element(integer, (digits.first ?? 0x80) < 0x80 ? [] : [0], Array(digits))
    }
    package static func octets(_ bytes: [UInt8]) -> [UInt8] { element(octets, bytes) }
    /// A BIT STRING of whole octets.
    static func bits(_ bytes: [UInt8]) -> [UInt8] { element(bitString, [0], bytes) }
}
