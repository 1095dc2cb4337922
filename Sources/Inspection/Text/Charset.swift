/// How characters are written as bytes.
enum Charset: Sendable {
    /// UTF-8, and each byte that cannot be UTF-8 as Windows-1252. Bytes above 127 that are UTF-8 by accident hardly occur,
    /// so this reads both, and files that mix them.
    case utf8OrWestern
    case utf16LittleEndian, utf16BigEndian

    /// Goes by the byte order mark (Unicode 16, section 23.8) or, without one, by the `<` that begins XML.
    /// - Returns: the charset and how many bytes its mark takes.
    static func of(_ head: [UInt8]) -> (charset: Charset, mark: Int) {
        switch (head.first, head.dropFirst().first, head.dropFirst(2).first) {
        case (0xEF, 0xBB, 0xBF): (.utf8OrWestern, 3)
        case (0xFF, 0xFE, _): (.utf16LittleEndian, 2)
        case (0xFE, 0xFF, _): (.utf16BigEndian, 2)
        case (UInt8(ascii: "<"), 0, _): (.utf16LittleEndian, 0)
        case (0, UInt8(ascii: "<"), _): (.utf16BigEndian, 0)
        default: (.utf8OrWestern, 0)
        }
    }

    /// What Windows-1252 means by a byte of 0x80 and above (WHATWG Encoding, index windows-1252).
    static func western(_ byte: UInt8) -> Unicode.Scalar {
        (0x80..<0xA0).contains(byte) ? specials[Int(byte) - 0x80] : Unicode.Scalar(byte)
    }

    private static let specials = Array(
        "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)
}

/// Turns bytes of a charset into valid UTF-8, piece by piece.
struct Transcoder: Sendable {
    private let charset: Charset
    /// The begun character: at most three bytes of UTF-8, or one of UTF-16.
    private var begun: [UInt8] = []
    /// The first half of a UTF-16 pair.
    private var high: UInt16?

    init(_ charset: Charset) { self.charset = charset }

    /// Whether `bytes` may go on as they are: the usual case, and much faster than taking them one by one.
    func passes(_ bytes: Span<UInt8>) -> Bool {
        guard case .utf8OrWestern = charset, begun.isEmpty else { return false }
        if bytes.isASCII { return true }
        do {
            _ = try UTF8Span(validating: bytes)
            return true
        } catch {
            return false
        }
    }

    mutating func transcode(_ bytes: Span<UInt8>, into out: inout [UInt8]) {
        for index in bytes.indices {
            switch charset {
            case .utf8OrWestern: takeEight(bytes[index], &out)
            case .utf16LittleEndian, .utf16BigEndian: takeSixteen(bytes[index], &out)
            }
        }
    }

    /// What was begun and is not whole.
    mutating func end(into out: inout [UInt8]) {
        if case .utf8OrWestern = charset { giveUp(&out) }
        if high != nil || !begun.isEmpty { out.append(contentsOf: UTF8.encodedReplacementCharacter) }
        begun.removeAll()
        high = nil
    }

    private mutating func takeEight(_ byte: UInt8, _ out: inout [UInt8]) {
        if !begun.isEmpty && !UTF8Shape.continues(begun, byte) { giveUp(&out) }
        if begun.isEmpty && byte < 0x80 { return out.append(byte) }
        begun.append(byte)
        let length = UTF8Shape.length(begun[0])
        if length == 0 { giveUp(&out) }
        if begun.count == length {
            out.append(contentsOf: begun)
            begun.removeAll(keepingCapacity: true)
        }
    }

    private mutating func giveUp(_ out: inout [UInt8]) {
        for byte in begun { out.append(contentsOf: UTF8.encodeReplacing(Charset.western(byte))) }
        begun.removeAll(keepingCapacity: true)
    }

    private mutating func takeSixteen(_ byte: UInt8, _ out: inout [UInt8]) {
        guard let first = begun.popLast() else { return begun.append(byte) }
        let little = if case .utf16LittleEndian = charset { true } else { false }
        let unit = little ? UInt16(byte) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(byte)
        if let scalar = Surrogates.take(unit, &high) { out.append(contentsOf: UTF8.encodeReplacing(scalar)) }
    }
}

/// Pairs of UTF-16 units (RFC 2781 section 2.2).
enum Surrogates {
    /// - Returns: the character that `unit` completes; nil after the first half of a pair, which `high` then keeps. A half
    ///   alone becomes U+FFFD, and takes the unit with it that should have been the other.
    static func take(_ unit: UInt16, _ high: inout UInt16?) -> Unicode.Scalar? {
        if let first = high {
            high = nil
            guard UTF16.isTrailSurrogate(unit) else { return .replacement }
            return Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(unit) - 0xDC00))
        }
        if UTF16.isLeadSurrogate(unit) {
            high = unit
            return nil
        }
        return Unicode.Scalar(UInt32(unit)) ?? .replacement
    }
}

/// Which bytes may follow each other (RFC 3629 section 4).
enum UTF8Shape {
    /// How many bytes a character has that begins with `lead`; 0 if none does.
    static func length(_ lead: UInt8) -> Int {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }

    static func continues(_ begun: [UInt8], _ byte: UInt8) -> Bool {
        guard begun.count == 1 else { return (0x80...0xBF).contains(byte) }
        return switch begun[0] {
        case 0xE0: (0xA0...0xBF).contains(byte)
        case 0xED: (0x80...0x9F).contains(byte)
        case 0xF0: (0x90...0xBF).contains(byte)
        case 0xF4: (0x80...0x8F).contains(byte)
        default: (0x80...0xBF).contains(byte)
        }
    }
}
