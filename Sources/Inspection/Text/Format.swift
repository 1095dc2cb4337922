/// What a file is, by what it begins with; its media type and extension, which its sender chose, decide only where that
/// leaves a choice.
enum Format: Sendable {
    /// Read by us from the byte after a mark of the charset on.
    case text(LeafReader, mark: Int)
    /// As `text`, and may be read in two halves.
    case lines(mark: Int)
    case mail
    case extracted(Extractor)
    /// Not read, and why.
    case closed(String)

    /// How much of the file is needed.
    static let headLength = 1024

    init(head: [UInt8], mediaType: String, fileExtension: String) {
        let hint = FormatHint(mediaType: mediaType, fileExtension: fileExtension)
        if head.contains("%PDF-") {
            self = .extracted(.pdf)
        } else if head.starts(with: [0x50, 0x4B, 3, 4]) {
            self = Self.archive(head, hint)
        } else if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            self = Self.compound(hint)
        } else if head.starts(with: "{\\rtf".utf8) {
            self = .text(.richText(RichTextReader()), mark: 0)
        } else {
            self = Self.text(head, hint)
        }
    }

    private static func archive(_ head: [UInt8], _ hint: FormatHint) -> Format {
        let isOffice =
            hint.isNewOffice || head.contains("[Content_Types].xml") || head.contains("mimetypeapplication/vnd.oasis.")
        return isOffice ? .extracted(.office) : .closed("archives are not opened")
    }

    /// A file of Microsoft's compound format ([MS-CFB]): old Office documents, and new ones with a password.
    private static func compound(_ hint: FormatHint) -> Format {
        switch hint.name {
        case "doc", "dot": .extracted(.oldWord)
        case "xls", "xlt": .extracted(.oldSheet)
        case "ppt", "pps": .extracted(.oldSlides)
        case "msg": .closed("Outlook messages are not read: save it as .eml")
        default: .closed(hint.isNewOffice ? "the document is locked with a password" : unknown)
        }
    }

    private static let unknown = "this kind of file is not read"

    private static func text(_ head: [UInt8], _ hint: FormatHint) -> Format {
        if let kind = hint.media { return .closed(kind) }
        let (charset, mark) = Charset.of(head)
        guard isText(head, charset) else { return .closed(unknown) }
        switch hint.name {
        case "csv", "tsv": return .text(.table(TableReader.delimiter(in: head), charset), mark: mark)
        case "json": return .text(.json(charset), mark: mark)
        case "eml": return .mail
        default: return unhinted(head, charset, mark, hint)
        }
    }

    private static func unhinted(_ head: [UInt8], _ charset: Charset, _ mark: Int, _ hint: FormatHint) -> Format {
        // Of UTF-16 what Latin letters are.
        let start = head.dropFirst(mark).filter { $0 != 0 }.drop { $0 <= 0x20 }.map(Bytes.lowered)
        if hint.name == "html" || start.contains("<html") || start.starts(with: "<!doctype html".utf8) {
            return .text(.markup(.html, charset), mark: mark)
        }
        if hint.name == "xml" || start.starts(with: "<?xml".utf8) { return .text(.markup(.data, charset), mark: mark) }
        if start.contains("\nmime-version: ") || start.starts(with: "return-path: ".utf8) { return .mail }
        if case .utf8OrWestern = charset { return .lines(mark: mark) }
        return .text(.plain(charset), mark: mark)
    }

    /// Text has hardly any control characters.
    private static func isText(_ head: [UInt8], _ charset: Charset) -> Bool {
        guard case .utf8OrWestern = charset else { return true }
        let controls = head.count { $0 < 0x20 && !(0x08...0x0D).contains($0) && $0 != 0x1B && $0 != 0x1A }
        return !head.contains(0) && controls * 50 <= head.count
    }
}

/// What the sender says that a file is.
struct FormatHint {
    private let mediaType: String
    /// One short name for what the media type or, where that says nothing, the extension means.
    let name: String

    init(mediaType: String, fileExtension: String) {
        self.mediaType = mediaType.lowercased()
        let given = fileExtension.lowercased()
        name = Self.byMediaType[self.mediaType] ?? Self.synonyms[given] ?? given
    }

    var isNewOffice: Bool {
        mediaType.hasPrefix("application/vnd.openxmlformats-officedocument.")
            || mediaType.hasPrefix("application/vnd.oasis.opendocument.")
            || ["docx", "docm", "xlsx", "xlsm", "pptx", "pptm", "odt", "ods", "odp"].contains(name)
    }

    /// Why a file of pictures or sound is not read; nil if it is none.
    var media: String? {
        if mediaType.hasPrefix("image/") && mediaType != "image/svg+xml" { return "pictures are not read" }
        if mediaType.hasPrefix("video/") { return "videos are not read" }
        return mediaType.hasPrefix("audio/") ? "sound is not read" : nil
    }

    private static let byMediaType = [
        "text/csv": "csv", "text/tab-separated-values": "tsv", "application/json": "json", "application/xml": "xml",
        "text/xml": "xml", "image/svg+xml": "xml", "text/html": "html", "application/xhtml+xml": "html",
        "message/rfc822": "eml", "application/msword": "doc", "application/vnd.ms-excel": "xls",
        "application/vnd.ms-powerpoint": "ppt", "application/vnd.ms-outlook": "msg",
    ]
    private static let synonyms = [
        "htm": "html", "xhtml": "html", "tab": "tsv", "jsonl": "json", "ndjson": "json", "geojson": "json",
        "mht": "eml",
        "mhtml": "eml", "svg": "xml",
    ]
}

extension [UInt8] {
    /// Whether these bytes occur anywhere.
    func contains(_ text: StaticString) -> Bool {
        let wanted = Array(text.description.utf8)
        return indices.contains { self[$0...].starts(with: wanted) }
    }
}
