/// Names and values of JSON (RFC 8259) or of JSON lines. A name stays with its value, `name: value`, because it says what
/// the value is; a gap parts everything else. Never complains: what is not JSON comes through as it is.
struct JSONReader: TextReader {
    private enum State {
        case outside, string, escape
        /// After `\u`: digits so far and their value.
        case unicode(Int, UInt16)
    }

    private var state = State.outside
    /// The first half of a surrogate pair.
    private var high: UInt16?
    private var text = TextBuffer()

    mutating func read<Sink: TextSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink) {
        for index in bytes.indices { take(bytes[index], &sink) }
        text.flush(&sink)
    }

    mutating func end<Sink: TextSink & ~Copyable>(into sink: inout Sink) {
        dropHalf(&sink)
        text.flush(&sink)
    }

    private mutating func take(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        switch state {
        case .outside: takeOutside(byte, &sink)
        case .string: takeInString(byte, &sink)
        case .escape: takeEscape(byte, &sink)
        case .unicode(let digits, let value): takeDigit(byte, digits, value, &sink)
        }
    }

    private mutating func takeOutside(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        switch byte {
        case UInt8(ascii: "\""): state = .string
        case UInt8(ascii: ":"): text.put(": ".utf8, &sink)
        case UInt8(ascii: ","), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), 0x0A:
            text.gap()
        case 0x09, 0x0D, 0x20: break
        default: text.put(byte, &sink)
        }
    }

    private mutating func takeInString(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        if byte == UInt8(ascii: "\\") {
            state = .escape
            return
        }
        dropHalf(&sink)
        if byte == UInt8(ascii: "\"") { state = .outside } else { text.put(byte, &sink) }
    }

    private mutating func takeEscape(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        if byte == UInt8(ascii: "u") {
            state = .unicode(0, 0)
            return
        }
        dropHalf(&sink)
        state = .string
        switch byte {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "f"): text.put(0x0A, &sink)
        case UInt8(ascii: "t"): text.put(0x09, &sink)
        case UInt8(ascii: "b"): break
        default: text.put(byte, &sink)
        }
    }

    private mutating func takeDigit(
        _ byte: UInt8, _ digits: Int, _ value: UInt16, _ sink: inout some TextSink & ~Copyable
    ) {
        guard let digit = Hexadecimal.digit(byte) else {
            state = .string
            return takeInString(byte, &sink)
        }
        let value = value << 4 | UInt16(digit)
        state = .unicode(digits + 1, value)
        guard digits == 3 else { return }
        state = .string
        if let scalar = Surrogates.take(value, &high) { text.put(scalar, &sink) }
    }

    private mutating func dropHalf(_ sink: inout some TextSink & ~Copyable) {
        guard high != nil else { return }
        high = nil
        text.put(Unicode.Scalar.replacement, &sink)
    }
}

enum Hexadecimal {
    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
