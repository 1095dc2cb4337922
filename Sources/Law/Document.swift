internal import Yams

/// One YAML (or JSON, which is YAML) file as a tree of nodes with lines and columns.
///
/// Refused before the parser sees them: more than 1 MiB, bytes that are not UTF-8, anchors, aliases and tags. Nothing
/// of ours needs those, and an alias can make a tree of a few lines take for ever to walk.
package enum Document {
    static let limit = 1 << 20
    /// Marks a repeated key that has been reported, so that reading can go on. From the private use area.
    static let repeated: Character = "\u{E000}"

    /// The top-level mapping, or nil with the reasons in `log`.
    package static func open(_ bytes: [UInt8], log: ProblemLog) -> Section? {
        guard bytes.count <= limit else {
            log.error("the file is larger than 1 MiB", hint: "is it the right file?", at: nil)
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self), !text.contains(repeated) else {
            log.error("the file is not UTF-8 text", hint: "save it as UTF-8", at: nil)
            return nil
        }
        if let mark = Shorthand.first(in: text) {
            log.error(
                "anchors, aliases and tags (&, * and !) are not used here",
                hint: "write the value out, and put text that begins with such a sign in quotes", at: mark)
            return nil
        }
        return root(of: text, log: log)
    }

    private static func root(of text: String, log: ProblemLog) -> Section? {
        guard let node = parse(text, log: log) else { return nil }
        guard let mapping = node.mapping else {
            log.error("the file does not consist of `key: value` lines", hint: "", at: node.position)
            return nil
        }
        return Section(mapping, name: "", log: log)
    }

    /// Bytes that are read again after repeated keys: twenty times what people write, twice the longest label.
    private static let again = 128 << 10

    /// Parses, and where a key is repeated reports it, sets the repetition aside and parses again: a few times, and
    /// as long as `again` lasts, because each time reads the whole.
    private static func parse(_ text: String, log: ProblemLog) -> Node? {
        var (text, left) = (text, again)
        for _ in 0..<20 {
            do {
                if let node = try Parser(yaml: text, encoding: .utf8).singleRoot() { return node }
                log.error("the file is empty", hint: "", at: nil)
                return nil
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let first = Position(line: context.mark.line, column: context.mark.column)
                guard let rest = setAside(keys.first ?? "", first: first, in: text, log: log) else { return nil }
                left -= rest.utf8.count
                guard left >= 0 else { return nil }
                text = rest
            } catch {
                report(error, log: log)
                return nil
            }
        }
        return nil
    }

    private static func report(_ error: any Error, log: ProblemLog) {
        let hint = "check indentation (spaces, never tabs), colons and quotes near this line"
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            log.error("not valid YAML: \(problem)", hint: hint, at: Position(line: mark.line, column: mark.column))
        default:
            log.error("not valid YAML", hint: "remove control characters and check the encoding", at: nil)
        }
    }

    /// Renames the second occurrence of a key in a block mapping. Nil where it cannot be found, as inside `{ }`.
    private static func setAside(_ key: String, first: Position, in text: String, log: ProblemLog) -> String? {
        let hint = "keep one of them"
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let indent = first.column - 1
        for index in lines.indices.dropFirst(first.line) {
            let body = lines[index].drop { $0 == " " }
            let depth = lines[index].count - body.count
            if body.isEmpty || body.first == "#" { continue }
            if depth < indent { break }
            guard depth == indent, body.hasPrefix(key),
                body.dropFirst(key.count).drop(while: { $0 == " " }).first == ":"
            else { continue }
            log.error(
                "key \"\(key)\" stands here again; it is also in line \(first.line)", hint: hint,
                at: Position(line: index + 1, column: depth + 1))
            lines[index] =
                String(repeating: " ", count: depth) + key + "\(repeated)\(index)" + body.dropFirst(key.count)
            return lines.joined(separator: "\n")
        }
        log.error("key \"\(key)\" stands twice in one place", hint: hint, at: first)
        return nil
    }
}
