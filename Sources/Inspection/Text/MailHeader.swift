/// One header field of a message, unfolded.
struct MailHeader {
    /// In lower case.
    let name: String
    let value: [UInt8]

    /// Nil for a line without a colon.
    init?(_ line: [UInt8]) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        value = Array(line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 })
    }

    /// What people wrote, as against what programs need.
    var isForPeople: Bool {
        ["subject", "from", "to", "cc", "bcc", "reply-to", "sender", "comments", "keywords"].contains(name)
    }

    /// The value before any `;`, in lower case.
    var plainValue: String {
        let first = value.prefix { $0 != UInt8(ascii: ";") }
        return String(decoding: first, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
    }

    /// A parameter such as `boundary` (RFC 2045 section 5.1), without its quotes.
    func parameter(_ wanted: String) -> [UInt8]? {
        for item in fields.dropFirst() {
            guard let equals = item.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: item[..<equals], as: UTF8.self).filter { !$0.isWhitespace }
            guard name.lowercased() == wanted else { continue }
            var value = item[(equals + 1)...].drop { $0 <= 0x20 }
            while let last = value.last, last <= 0x20 { value.removeLast() }
            return value.filter { $0 != UInt8(ascii: "\"") }
        }
        return nil
    }

    /// The value cut at each `;` that is not within quotes.
    private var fields: [[UInt8]] {
        var isQuoted = false
        return value.reduce(into: [[]]) { fields, byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: ";") && !isQuoted {
                fields.append([])
            } else {
                fields[fields.count - 1].append(byte)
            }
        }
    }

    /// The value with its encoded words `=?charset?B?...?=` as UTF-8 (RFC 2047).
    var decoded: [UInt8] {
        var raw: [UInt8] = []
        var rest = value[...]
        var afterWord = false
        while let byte = rest.first {
            if let (word, length) = Self.encodedWord(rest) {
                // White space between two encoded words is no part of the text.
                if afterWord { while raw.last == 0x20 || raw.last == 0x09 { raw.removeLast() } }
                raw.append(contentsOf: word)
                rest = rest.dropFirst(length)
                afterWord = true
            } else {
                raw.append(byte)
                rest = rest.dropFirst()
                afterWord = afterWord && (byte == 0x20 || byte == 0x09)
            }
        }
        var transcoder = Transcoder(.utf8OrWestern)
        var text: [UInt8] = []
        transcoder.transcode(raw.span, into: &text)
        transcoder.end(into: &text)
        return text
    }

    private static func encodedWord(_ text: ArraySlice<UInt8>) -> (bytes: [UInt8], length: Int)? {
        guard text.starts(with: "=?".utf8) else { return nil }
        let fields = text.prefix(256).split(
            separator: UInt8(ascii: "?"), maxSplits: 4, omittingEmptySubsequences: false)
        guard fields.count == 5, fields[4].first == UInt8(ascii: "="), fields[2].count == 1 else { return nil }
        let isBase64 = fields[2].first == UInt8(ascii: "B") || fields[2].first == UInt8(ascii: "b")
        var decoder = TransferDecoder(isBase64 ? "base64" : "quoted-printable")
        var bytes: [UInt8] = []
        for byte in fields[3] { decoder.decode(!isBase64 && byte == UInt8(ascii: "_") ? 0x20 : byte, into: &bytes) }
        return (bytes, fields[4].startIndex + 1 - text.startIndex)
    }
}
