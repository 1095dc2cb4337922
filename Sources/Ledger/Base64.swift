/// RFC 4648 section 4 with padding, in the one spelling: a reader refuses loose bits, line feeds and missing padding.
///
/// Written out here because this floor imports nothing, and because Foundation's decoder accepts more than one spelling.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let values: [UInt8: UInt32] = Dictionary(
        uniqueKeysWithValues: alphabet.enumerated().map { ($1, UInt32($0)) })

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for i in 0..<4 {
                text.append(i <= group.count ? alphabet[Int(bits >> (18 - 6 * UInt32(i)) & 63)] : padding)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes, or nil if `text` is not what `encode` would have written.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let digits = Array(text)
        guard digits.count.isMultiple(of: 4) else { return nil }
        let pads = digits.suffix(2).count { $0 == padding }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3)
        for start in stride(from: 0, to: digits.count, by: 4) {
            guard let group = decodeGroup(digits[start..<(start + 4)]) else { return nil }
            bytes += group
        }
        bytes.removeLast(pads)
        return encode(bytes).utf8.elementsEqual(digits) ? bytes : nil
    }

    /// Three bytes from four digits; padding counts as zeros, the caller takes them off again.
    private static func decodeGroup(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        var bits: UInt32 = 0
        for digit in digits {
            guard let value = digit == padding ? 0 : values[digit] else { return nil }
            bits = bits << 6 | value
        }
        return [UInt8(bits >> 16), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
    }
}
