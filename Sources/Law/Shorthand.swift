/// Looks for YAML's anchors, aliases and tags without parsing.
///
/// Each stands where a node begins: first on its line, or after one of `- ? : , [ {`. That is all this looks at, so
/// that no quoting can hide one; the price is that such a sign is refused in a few places where it would be plain
/// text.
enum Shorthand {
    private static let signs: Set<Unicode.Scalar> = ["&", "*", "!"]
    private static let before: Set<Unicode.Scalar> = ["-", "?", ":", ",", "[", "{"]
    /// The line breaks of YAML 1.1.
    private static let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
    private static let blanks: Set<Unicode.Scalar> = [" ", "\t", "\u{FEFF}"]

    static func first(in text: String) -> Position? {
        var (line, column, previous, spaced) = (1, 0, Unicode.Scalar?.none, true)
        var candidate: Position?
        for scalar in text.unicodeScalars {
            column += 1
            let isBreak = breaks.contains(scalar), isBlank = blanks.contains(scalar)
            if let candidate, !isBreak, !isBlank { return candidate }
            candidate = nil
            if isBreak {
                (line, column, previous, spaced) = (line + 1, 0, nil, true)
            } else if isBlank {
                spaced = true
            } else {
                if signs.contains(scalar), beginsNode(after: previous, spaced) {
                    candidate = Position(line: line, column: column)
                }
                (previous, spaced) = (scalar, false)
            }
        }
        return nil
    }

    /// `-` and `?` are indicators only before a blank.
    private static func beginsNode(after previous: Unicode.Scalar?, _ spaced: Bool) -> Bool {
        guard let previous else { return true }
        return before.contains(previous) && (spaced || (previous != "-" && previous != "?"))
    }
}
