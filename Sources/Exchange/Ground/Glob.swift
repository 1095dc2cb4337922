/// SQLite GLOB patterns that match one text only.
enum Glob {
    static func exactly(_ text: String) -> String {
        text.reduce(into: "") { pattern, character in
            pattern += "*?[".contains(character) ? "[\(character)]" : String(character)
        }
    }
}
