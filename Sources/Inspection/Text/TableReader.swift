/// Cells of comma or tab separated values (RFC 4180), with a gap between any two. Quotes go, doubled quotes become one.
struct TableReader: TextReader {
    private enum State { case cellStart, plain, quoted, quoteInQuoted }

    private let delimiter: UInt8
    private var state = State.cellStart
    private var text = TextBuffer()

    init(delimiter: UInt8) { self.delimiter = delimiter }

    /// The delimiter that occurs most in the first line of `head`; a comma if none does.
    static func delimiter(in head: [UInt8]) -> UInt8 {
        let line = head.prefix { $0 != UInt8(ascii: "\n") }
        func count(_ byte: UInt8) -> Int { line.count { $0 == byte } }
        return [",", ";", "\t", "|"].map(UInt8.init(ascii:)).max { count($0) < count($1) } ?? UInt8(ascii: ",")
    }

    mutating func read<Sink: TextSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink) {
        for index in bytes.indices { take(bytes[index], &sink) }
        text.flush(&sink)
    }

    mutating func end<Sink: TextSink & ~Copyable>(into sink: inout Sink) { text.flush(&sink) }

    private mutating func take(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        let quote = UInt8(ascii: "\"")
        switch state {
        case .quoted where byte == quote: state = .quoteInQuoted
        case .quoted: text.put(byte, &sink)
        case .quoteInQuoted where byte == quote:
            text.put(byte, &sink)
            state = .quoted
        case .cellStart where byte == quote: state = .quoted
        case .cellStart, .plain, .quoteInQuoted: takeOutside(byte, &sink)
        }
    }

    private mutating func takeOutside(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        if byte == delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            text.gap()
            state = .cellStart
        } else {
            text.put(byte, &sink)
            state = .plain
        }
    }
}
