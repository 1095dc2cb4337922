/// Which characters a text may hold that comes from another agency, or that a person writes into a record: the one rule for
/// statements, cards, checkpoints, side-cars, agreements, settings and reasons.
///
/// Allowed are the Unicode Assignables of RFC 9839 (no surrogates, controls or noncharacters), without the separators of
/// lines and paragraphs (U+2028, U+2029), at which only some programs begin a line, and without the signs that turn the
/// direction of what follows (UAX #9, explicit formatting): with these a person reads something else than what was signed.
package enum PlainText {
    package enum Shape: Hashable, Sendable {
        /// Names, ids and codes.
        case line
        /// The name of a file: signs that turn the direction may stand there, because every inbox, screen and note shows
        /// something else in their place (`SafeName`), and no file stays behind for one.
        case fileName
        /// A person's words: tabs and line ends (LF or CR LF) are part of them.
        case lines
    }

    /// A character that may not stand where it stands.
    package struct Fault: Hashable, Sendable, CustomStringConvertible {
        package let scalar: Unicode.Scalar
        /// Which of the text's code points it is, from 1.
        package let place: Int

        /// Without the text, which may be personal data: `holds a control character (U+0007, code point 3)`.
        package var description: String { "holds \(kind) (\(name), code point \(place))" }

        private var name: String {
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }

        private var kind: String {
            switch scalar.value {
            case 0x0a, 0x0d: "a line end, where one line is wanted"
            case 0x2028, 0x2029: "a separator of lines that only some programs show"
            case 0x202a...0x202e, 0x2066...0x2069: "a sign that turns the direction of writing"
            case _ where PlainText.isNoncharacter(scalar.value): "a code that is no character"
            default: "a control character"
            }
        }
    }

    /// The first character that may not stand there; nil if the text is plain.
    package static func fault(in text: String, _ shape: Shape) -> Fault? {
        // Nearly every text is printable ASCII, and this is asked for every string of every statement.
        if text.hasOnly({ $0 >= 0x20 && $0 <= 0x7e }) { return nil }
        var previous: Unicode.Scalar?
        var place = 0
        for scalar in text.unicodeScalars {
            if previous == "\r", scalar != "\n" { return Fault(scalar: "\r", place: place) }
            place += 1
            guard isAllowed(scalar, shape) else { return Fault(scalar: scalar, place: place) }
            previous = scalar
        }
        return previous == "\r" ? Fault(scalar: "\r", place: place) : nil
    }

    /// The same text with something visible where it holds what it may not.
    package static func cleaned(_ text: String, _ shape: Shape, with mark: Unicode.Scalar = "\u{FFFD}") -> String {
        guard fault(in: text, shape) != nil else { return text }
        let scalars = text.replacing("\r\n", with: "\n").unicodeScalars
        return String(String.UnicodeScalarView(scalars.map { $0 != "\r" && isAllowed($0, shape) ? $0 : mark }))
    }

    private static func isAllowed(_ scalar: Unicode.Scalar, _ shape: Shape) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a, 0x0d: shape == .lines
        case 0..<0x20, 0x7f...0x9f: false
        case 0x2028...0x202e, 0x2066...0x2069: shape == .fileName
        default: !isNoncharacter(scalar.value)
        }
    }

    /// Unicode 23.7: U+FDD0 to U+FDEF, and the last two of each plane.
    private static func isNoncharacter(_ value: UInt32) -> Bool {
        (0xfdd0...0xfdef).contains(value) || value & 0xfffe == 0xfffe
    }
}
