internal import Vocabulary

/// Time in certificates and signatures, to the second: UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280,
/// 4.1.2.5; RFC 5652, 11.3).
enum DERTime {
    static func encode(_ instant: Instant) -> [UInt8] {
        let digits = instant.description.utf8.prefix(19).filter { (0x30...0x39).contains($0) }
        let zulu = [UInt8(ascii: "Z")]
        return isShort(instant)
            ? DER.element(DER.utcTime, Array(digits.dropFirst(2)), zulu)
            : DER.element(DER.generalizedTime, digits, zulu)
    }

    /// Takes the next element, which must be the spelling that `encode` writes.
    static func read(_ reader: inout DERReader) throws(NotDER) -> Instant {
        let short = reader.tag == DER.utcTime
        let text = try reader.octets(short ? DER.utcTime : DER.generalizedTime, count: short ? 13 : 15)
        // By bytes: what is not a digit may be half of a character, or one of two that are one.
        guard text.last == UInt8(ascii: "Z"), text.dropLast().allSatisfy({ (0x30...0x39).contains($0) }),
            let instant = instant((short ? century(text) : []) + text.dropLast()), isShort(instant) == short
        else { throw NotDER() }
        return instant
    }

    private static func isShort(_ instant: Instant) -> Bool { instant.date.parts.year < 2050 }

    /// Two-digit years from 50 belong to the twentieth century (RFC 5280, 4.1.2.5.1).
    private static func century(_ text: [UInt8]) -> [UInt8] {
        Array((text[0] >= UInt8(ascii: "5") ? "19" : "20").utf8)
    }

    /// - Parameter digits: fourteen.
    private static func instant(_ digits: [UInt8]) -> Instant? {
        let part = { (range: Range<Int>) in String(decoding: digits[range], as: UTF8.self) }
        let (date, clock) = ([part(0..<4), part(4..<6), part(6..<8)], [part(8..<10), part(10..<12), part(12..<14)])
        return try? Instant("\(date.joined(separator: "-"))T\(clock.joined(separator: ":")).000Z")
    }
}
