/// The reader of one text, other than a message that holds several.
enum LeafReader: TextReader {
    case plain(Decoded<PlainReader>)
    case table(Decoded<TableReader>)
    case json(Decoded<JSONReader>)
    case markup(Decoded<MarkupReader>)
    case richText(RichTextReader)

    static func plain(_ charset: Charset = .utf8OrWestern) -> Self { .plain(Decoded(PlainReader(), charset)) }

    static func table(_ delimiter: UInt8, _ charset: Charset = .utf8OrWestern) -> Self {
        .table(Decoded(TableReader(delimiter: delimiter), charset))
    }

    static func json(_ charset: Charset = .utf8OrWestern) -> Self { .json(Decoded(JSONReader(), charset)) }

    static func markup(_ dialect: MarkupDialect, _ charset: Charset = .utf8OrWestern) -> Self {
        .markup(Decoded(MarkupReader(dialect), charset))
    }

    /// The reader of a message part of this media type; nil if it is none of text.
    init?(part mediaType: String) {
        switch mediaType {
        case "text/html", "application/xhtml+xml": self = .markup(.html)
        case "text/xml", "application/xml": self = .markup(.data)
        case "text/csv": self = .table(UInt8(ascii: ","))
        case "text/tab-separated-values": self = .table(UInt8(ascii: "\t"))
        case "application/json": self = .json()
        case "text/rtf", "application/rtf": self = .richText(RichTextReader())
        default:
            guard mediaType.hasPrefix("text/") else { return nil }
            self = .plain()
        }
    }

    mutating func read<Sink: TextSink & ~Copyable>(_ bytes: Span<UInt8>, into sink: inout Sink) {
        switch consume self {
        case .plain(var reader):
            reader.read(bytes, into: &sink)
            self = .plain(reader)
        case .table(var reader):
            reader.read(bytes, into: &sink)
            self = .table(reader)
        case .json(var reader):
            reader.read(bytes, into: &sink)
            self = .json(reader)
        case .markup(var reader):
            reader.read(bytes, into: &sink)
            self = .markup(reader)
        case .richText(var reader):
            reader.read(bytes, into: &sink)
            self = .richText(reader)
        }
    }

    mutating func end<Sink: TextSink & ~Copyable>(into sink: inout Sink) {
        switch consume self {
        case .plain(var reader):
            reader.end(into: &sink)
            self = .plain(reader)
        case .table(var reader):
            reader.end(into: &sink)
            self = .table(reader)
        case .json(var reader):
            reader.end(into: &sink)
            self = .json(reader)
        case .markup(var reader):
            reader.end(into: &sink)
            self = .markup(reader)
        case .richText(var reader):
            reader.end(into: &sink)
            self = .richText(reader)
        }
    }
}
