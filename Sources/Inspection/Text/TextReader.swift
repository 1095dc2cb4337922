/// Turns the bytes of one format into text. A state machine without I/O: however the bytes are split into pieces, the
/// sink gets the same text and the same gaps. Keeps a bounded amount, whatever the file holds.
protocol TextReader: Sendable {
    mutating func read<Sink: TextSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink)

    /// There are no more bytes: hands over what was kept back.
    mutating func end<Sink: TextSink & ~Copyable>(into sink: inout Sink)
}

/// Text on its way to a sink, gathered so that the sink is not called for each byte.
///
/// Gaps that follow each other are one, and none comes before the first text.
struct TextBuffer: Sendable {
    private var bytes: [UInt8] = []
    private var needsGap = false
    private var hasText = false

    mutating func put(_ byte: UInt8, _ sink: inout some TextSink & ~Copyable) {
        if needsGap { closeGap(&sink) }
        hasText = true
        bytes.append(byte)
    }

    mutating func put(_ text: some Sequence<UInt8>, _ sink: inout some TextSink & ~Copyable) {
        for byte in text { put(byte, &sink) }
    }

    mutating func put(_ scalar: Unicode.Scalar, _ sink: inout some TextSink & ~Copyable) {
        put(UTF8.encodeReplacing(scalar), &sink)
    }

    mutating func gap() { needsGap = hasText }

    /// Hands over what was gathered; a gap waits until text follows it.
    mutating func flush(_ sink: inout some TextSink & ~Copyable) {
        guard !bytes.isEmpty else { return }
        sink.feed(bytes.span)
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func closeGap(_ sink: inout some TextSink & ~Copyable) {
        flush(&sink)
        sink.gap()
        needsGap = false
        hasText = false
    }
}

extension UTF8 {
    /// Every scalar has UTF-8, so nothing is ever replaced.
    static func encodeReplacing(_ scalar: Unicode.Scalar) -> UTF8.EncodedScalar {
        encode(scalar) ?? encodedReplacementCharacter
    }
}

extension Span<UInt8> {
    /// Whether a page ends in it. One pass that the compiler can do many bytes at a time.
    var holdsFormFeed: Bool {
        var found: UInt8 = 0
        for index in indices { found |= self[index] == 0x0C ? 1 : 0 }
        return found != 0
    }

    /// Whether no byte has its highest bit set.
    var isASCII: Bool {
        var all: UInt8 = 0
        for index in indices { all |= self[index] }
        return all < 0x80
    }
}

extension Unicode.Scalar {
    static let replacement: Unicode.Scalar = "\u{FFFD}"
}
