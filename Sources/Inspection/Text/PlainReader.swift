/// Text as it is. A form feed is a gap: it ends a page, in files and in what pdftotext prints.
struct PlainReader: TextReader {
    mutating func read<Sink: TextSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink) {
        guard bytes.holdsFormFeed else { return sink.feed(bytes) }
        var start = 0
        for index in bytes.indices where bytes[index] == 0x0C {
            if start < index { sink.feed(bytes.extracting(start..<index)) }
            sink.gap()
            start = index + 1
        }
        if start < bytes.count { sink.feed(bytes.extracting(start..<bytes.count)) }
    }

    mutating func end<Sink: TextSink & ~Copyable>(into sink: inout Sink) {}
}

/// A reader behind its charset.
struct Decoded<Inner: TextReader>: TextReader {
    private var transcoder: Transcoder
    private var inner: Inner
    private var text: [UInt8] = []

    init(_ inner: Inner, _ charset: Charset = .utf8OrWestern) {
        self.inner = inner
        self.transcoder = Transcoder(charset)
    }

    mutating func read<Sink: TextSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink) {
        if transcoder.passes(bytes) { return inner.read(bytes, into: &sink) }
        var text = takeBuffer()
        transcoder.transcode(bytes, into: &text)
        inner.read(text.span, into: &sink)
        self.text = text
    }

    mutating func end<Sink: TextSink & ~Copyable>(into sink: inout Sink) {
        var text = takeBuffer()
        transcoder.end(into: &text)
        inner.read(text.span, into: &sink)
        inner.end(into: &sink)
    }

    /// The buffer, emptied, without a second owner that would make it copy itself.
    private mutating func takeBuffer() -> [UInt8] {
        var text: [UInt8] = []
        swap(&text, &self.text)
        text.removeAll(keepingCapacity: true)
        return text
    }
}
