/// Comma-separated values as RFC 4180 has them, for spreadsheets. A cell is one line always.
package enum CSV {
    package static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") }

    /// Quoted where need be. What a spreadsheet would take for a formula gets an apostrophe in front: partners choose
    /// names and write reasons.
    package static func cell(_ text: String) -> String {
        let clean = clean(text)
        let safe = isFormula(clean) ? "'" + clean : clean
        guard safe.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) else { return safe }
        return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Full-width signs too: some spreadsheets take them for the plain ones.
    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first(where: { $0 != " " && $0.value != 0xa0 }) else { return false }
        return "=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".unicodeScalars.contains(first)
    }

    /// Line ends and tabs become spaces; other control characters and signs that turn the direction of writing become
    /// question marks.
    private static func clean(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.value {
                    case 0x09, 0x0a, 0x0d, 0x85, 0x2028, 0x2029: " "
                    case 0..<0x20, 0x7f...0x9f, 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0xfeff: "?"
                    default: scalar
                    }
                }))
    }
}
