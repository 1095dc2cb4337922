/// Comma-separated values as RFC 4180 has them, for spreadsheets.
enum CSV {
    static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") }

    /// Quoted where need be. A name that a spreadsheet would take for a formula gets an apostrophe in front: partners
    /// choose names.
    static func cell(_ text: String) -> String {
        let clean = Terminal.clean(text)
        let isFormula = clean.unicodeScalars.first.map { "=+-@".unicodeScalars.contains($0) } ?? false
        let safe = isFormula ? "'" + clean : clean
        guard safe.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) else { return safe }
        return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
