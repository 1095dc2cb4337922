/// The text of an e-mail message: what people wrote in its header (RFC 5322, RFC 2047), and its parts that are text (MIME,
/// RFC 2045 and 2046), a gap between any two. Messages within messages are read too. Other parts are counted.
struct MailReader: TextReader {
    private enum State {
        case header
        case body(LeafReader, TransferDecoder)
        /// Before the first part, after the last, or a part that is not read.
        case skipping
    }

    /// Parts that are not text, such as pictures and documents.
    private(set) var unread = 0

    private var state = State.header
    /// The line so far, or its latest piece.
    private var line: [UInt8] = []
    /// Whether `line` begins where its line does.
    private var isLineStart = true
    /// The header field so far, which may go on in the next line.
    private var field: [UInt8] = []
    private var mediaType = "text/plain"
    private var boundary: [UInt8]?
    private var transfer = ""
    /// The boundaries of the multiparts that this place is in, outermost first.
    private var boundaries: [[UInt8]] = []
    private var decoded: [UInt8] = []
    private var text = TextBuffer()

    private static let longestPiece = 16 << 10
    private static let longestField = 16 << 10
    private static let deepest = 16

    mutating func read<Sink: TextSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink) {
        for index in bytes.indices {
            line.append(bytes[index])
            if bytes[index] == 0x0A || line.count == Self.longestPiece { takePiece(&sink) }
        }
    }

    mutating func end<Sink: TextSink & ~Copyable>(into sink: inout Sink) {
        takePiece(&sink)
        if case .header = state { takeField(&sink) }
        endPart(&sink)
    }

    private mutating func takePiece(_ sink: inout some TextSink & ~Copyable) {
        guard !line.isEmpty else { return }
        if !isLineStart || !takeBoundary(&sink) {
            switch state {
            case .header: takeHeader(&sink)
            case .body(let reader, let decoder): takeBody(reader, decoder, &sink)
            case .skipping: break
            }
        }
        isLineStart = line.last == 0x0A
        line.removeAll(keepingCapacity: true)
    }

    // MARK: Parts

    /// - Returns: whether the line is the boundary of a multipart around this place (RFC 2046 section 5.1.1).
    private mutating func takeBoundary(_ sink: inout some TextSink & ~Copyable) -> Bool {
        guard !boundaries.isEmpty, line.starts(with: "--".utf8) else { return false }
        let rest = line.dropFirst(2)
        let ending = { (name: [UInt8]) in rest.dropFirst(name.count).filter { $0 > 0x20 } }
        let isThis = { (name: [UInt8]) in
            rest.starts(with: name) && (ending(name).isEmpty || ending(name).elementsEqual("--".utf8))
        }
        guard let level = boundaries.lastIndex(where: isThis) else { return false }
        let isLast = !ending(boundaries[level]).isEmpty
        if case .header = state { takeField(&sink) }
        endPart(&sink)
        boundaries.removeLast(boundaries.count - level - (isLast ? 0 : 1))
        state = .skipping
        if !isLast { beginHeader() }
        return true
    }

    private mutating func endPart(_ sink: inout some TextSink & ~Copyable) {
        if case .body(var reader, _) = state {
            reader.end(into: &sink)
            sink.gap()
        }
        text.flush(&sink)
    }

    private mutating func beginHeader() {
        state = .header
        (mediaType, boundary, transfer) = ("text/plain", nil, "")
    }

    private mutating func takeBody(
        _ reader: LeafReader, _ decoder: TransferDecoder, _ sink: inout some TextSink & ~Copyable
    ) {
        var (reader, decoder) = (reader, decoder)
        state = .skipping
        decoded.removeAll(keepingCapacity: true)
        for byte in line { decoder.decode(byte, into: &decoded) }
        reader.read(decoded.span, into: &sink)
        state = .body(reader, decoder)
    }

    // MARK: Header

    private mutating func takeHeader(_ sink: inout some TextSink & ~Copyable) {
        let isBlank = isLineStart && (line == [0x0A] || line == [0x0D, 0x0A])
        let goesOn = !isLineStart || line.first == 0x20 || line.first == 0x09
        if !goesOn || isBlank { takeField(&sink) }
        if isBlank { return beginBody(&sink) }
        let room = max(0, Self.longestField - field.count)
        field.append(contentsOf: line.prefix(room).filter { $0 != 0x0D && $0 != 0x0A })
    }

    private mutating func takeField(_ sink: inout some TextSink & ~Copyable) {
        defer { field.removeAll(keepingCapacity: true) }
        guard let header = MailHeader(field) else { return }
        switch header.name {
        case "content-type":
            mediaType = header.plainValue
            boundary = header.parameter("boundary")
        case "content-transfer-encoding": transfer = header.plainValue
        default:
            guard header.isForPeople else { return }
            text.gap()
            text.put(header.name.utf8, &sink)
            text.put(": ".utf8, &sink)
            text.put(header.decoded, &sink)
        }
    }

    private mutating func beginBody(_ sink: inout some TextSink & ~Copyable) {
        text.flush(&sink)
        sink.gap()
        if mediaType.hasPrefix("multipart/"), let boundary, !boundary.isEmpty, boundaries.count < Self.deepest {
            boundaries.append(boundary)
            state = .skipping
        } else if mediaType == "message/rfc822" && transfer != "base64" {
            beginHeader()
        } else if let reader = LeafReader(part: mediaType) {
            state = .body(reader, TransferDecoder(transfer))
        } else {
            unread += 1
            state = .skipping
        }
    }
}
