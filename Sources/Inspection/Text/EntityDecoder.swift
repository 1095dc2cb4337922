/// One entity of XML or HTML, after its `&`: a number, one of XML's five, or one of those that letters and forms hold.
struct EntityDecoder: Sendable {
    enum Step {
        case more
        case scalar(Unicode.Scalar)
        /// It is none: what was taken before this byte is text, and this byte is still to be read.
        case none
    }

    private var name: [UInt8] = []
    private static let longest = 10

    /// What was taken, as text.
    func giveUp() -> [UInt8] { [UInt8(ascii: "&")] + name }

    mutating func take(_ byte: UInt8) -> Step {
        if byte == UInt8(ascii: ";") {
            guard let scalar = meaning else { return .none }
            return .scalar(scalar)
        }
        let isHash = byte == UInt8(ascii: "#") && name.isEmpty
        guard isHash || Self.isLetterOrDigit(byte), name.count < Self.longest else { return .none }
        name.append(byte)
        return .more
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private var meaning: Unicode.Scalar? {
        let text = String(decoding: name, as: UTF8.self)
        guard text.first == "#" else { return Self.named[text] }
        let digits = text.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        guard let number = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits) else { return nil }
        if (0x80..<0xA0).contains(number) { return Charset.western(UInt8(number)) }
        return Unicode.Scalar(number) ?? .replacement
    }

    /// XML 1.0 section 4.6, and of HTML those that ordinary text holds: punctuation, and Latin-1 by its order.
    private static let named: [String: Unicode.Scalar] = {
        var table: [String: Unicode.Scalar] = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "ndash": "–", "mdash": "—", "lsquo": "‘",
            "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„", "hellip": "…", "bull": "•",
            "euro": "€", "trade": "™", "ensp": " ", "emsp": " ", "thinsp": " ", "zwj": "\u{200D}", "zwnj": "\u{200C}",
        ]
        let latin = """
            nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
            micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig \
            Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times \
            Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave \
            eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave \
            uacute ucirc uuml yacute thorn yuml
            """
        for (offset, name) in latin.split(separator: " ").enumerated() {
            table[String(name)] = Unicode.Scalar(UInt8(0xA0 + offset))
        }
        return table
    }()
}
