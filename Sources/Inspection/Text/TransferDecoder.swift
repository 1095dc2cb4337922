/// How the body of a message part is written (RFC 2045 section 6).
enum TransferDecoder: Sendable {
    case identity
    /// Bits that are no whole byte yet, and how many.
    case base64(UInt32, Int)
    /// What came after an `=`.
    case quotedPrintable([UInt8])

    init(_ name: String) {
        switch name.lowercased() {
        case "base64": self = .base64(0, 0)
        case "quoted-printable": self = .quotedPrintable([])
        default: self = .identity
        }
    }

    mutating func decode(_ byte: UInt8, into out: inout [UInt8]) {
        switch self {
        case .identity: out.append(byte)
        case .base64(let bits, let count): self = Self.base64(byte, bits, count, &out)
        case .quotedPrintable(let begun): self = Self.quotedPrintable(byte, begun, &out)
        }
    }

    private static func base64(_ byte: UInt8, _ bits: UInt32, _ count: Int, _ out: inout [UInt8]) -> Self {
        guard let six = sixBits(byte) else { return byte == UInt8(ascii: "=") ? .base64(0, 0) : .base64(bits, count) }
        let bits = (bits << 6 | UInt32(six)) & 0xFFFF
        guard count >= 2 else { return .base64(bits, count + 6) }
        out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count - 2)))
        return .base64(bits, count - 2)
    }

    private static func sixBits(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// A line end after `=` is none; what is no code is text.
    private static func quotedPrintable(_ byte: UInt8, _ begun: [UInt8], _ out: inout [UInt8]) -> Self {
        switch begun.count {
        case 0 where byte == UInt8(ascii: "="): return .quotedPrintable([byte])
        case 0: out.append(byte)
        case 1 where byte == 0x0A: break
        case 1 where byte == 0x0D || byte == 0x20 || byte == 0x09: return .quotedPrintable(begun)
        case 1 where Hexadecimal.digit(byte) != nil: return .quotedPrintable(begun + [byte])
        case 2:
            if let high = Hexadecimal.digit(begun[1]), let low = Hexadecimal.digit(byte) {
                out.append(high << 4 | low)
            } else {
                out.append(contentsOf: begun + [byte])
            }
        default: out.append(contentsOf: begun + [byte])
        }
        return .quotedPrintable([])
    }
}
