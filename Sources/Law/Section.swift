internal import Yams

/// A mapping that is being read: every key must be asked for, every value must be of the type asked for, and whatever
/// is wrong goes into the log while reading goes on.
package final class Section {
    /// Such as `routes.urgent`; empty at the top.
    let name: String
    /// Where its mistakes go.
    package let log: ProblemLog
    /// Where it begins.
    package let mark: Position?
    private let entries: [(key: Node, value: Node)]
    private var asked: [String] = []

    init(_ mapping: Node.Mapping, name: String, log: ProblemLog) {
        self.name = name
        self.log = log
        mark = mapping.position
        entries = mapping.map { ($0.key, $0.value) }
    }

    private init(entries: [(key: Node, value: Node)], name: String, log: ProblemLog, mark: Position?) {
        (self.entries, self.name, self.log, self.mark) = (entries, name, log, mark)
    }

    /// The value of a key; absent, empty and `null` are the same. Reports nothing.
    func node(_ key: String) -> Node? {
        asked.append(key)
        guard let node = entries.first(where: { $0.key.scalar?.string == key })?.value else { return nil }
        if let scalar = node.scalar, scalar.style == .plain, ["", "~", "null"].contains(scalar.string) { return nil }
        return node
    }

    /// Where the value of a key stands, else where the section begins.
    package func mark(of key: String) -> Position? {
        entries.first { $0.key.scalar?.string == key }?.value.position ?? mark
    }

    /// The line of every key.
    var lines: [String: Int] {
        let known = entries.compactMap { entry in
            entry.key.scalar.flatMap { key in entry.key.position.map { (key.string, $0.line) } }
        }
        return Dictionary(known) { first, _ in first }
    }

    /// The key with the names of the sections around it, for messages.
    package func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    /// Says that a key must be there.
    func missing(_ key: String, hint: String = "") {
        log.error("\"\(path(key))\" is missing", hint: hint.isEmpty ? "add a line `\(key): ...`" : hint, at: mark)
    }

    /// The mapping below a key; nil if the key is absent or, which is told, holds something else.
    package func section(_ key: String) -> Section? {
        guard let node = node(key) else { return nil }
        guard let mapping = node.mapping else {
            log.error("\"\(path(key))\" must be a group of keys", hint: "indent its keys below it", at: node.position)
            return nil
        }
        return Section(mapping, name: path(key), log: log)
    }

    /// A mapping whose keys are names of the writer's own, in the order of the file.
    package func named(_ key: String) -> [(name: String, mark: Position?, section: Section)] {
        guard let section = section(key) else { return [] }
        return section.entries.compactMap { entry in
            guard let name = entry.key.scalar?.string, !name.contains(Document.repeated) else { return nil }
            let path = "\(section.name).\(name)"
            if let mapping = entry.value.mapping {
                return (name, entry.key.position, Section(mapping, name: path, log: log))
            }
            if entry.value.scalar?.string.isEmpty ?? false {
                return (name, entry.key.position, Section(Node.Mapping([]), name: path, log: log))
            }
            log.error("\"\(path)\" must be a group of keys", hint: "indent its keys below it", at: entry.value.position)
            return nil
        }
    }

    /// The elements of a list; nil if the key is absent or holds no list.
    func list(_ key: String) -> [Node]? {
        guard let node = node(key) else { return nil }
        guard let sequence = node.sequence else {
            log.error("\"\(path(key))\" must be a list", hint: "write [a, b] or one `- a` a line", at: node.position)
            return nil
        }
        return Array(sequence)
    }

    /// A list of mappings.
    func sections(_ key: String) -> [Section] {
        (list(key) ?? []).enumerated().compactMap { index, node in
            let path = "\(path(key))[\(index + 1)]"
            if let mapping = node.mapping { return Section(mapping, name: path, log: log) }
            log.error("\"\(path)\" must be a group of keys", hint: "write { id: ... }", at: node.position)
            return nil
        }
    }

    /// The same mapping as a document of its own, whose mistakes are another log's.
    func copy(in log: ProblemLog) -> Section { Section(entries: entries, name: "", log: log, mark: mark) }

    /// Says which keys nobody asked for. Call it last.
    package func end() {
        for (key, _) in entries {
            guard let name = key.scalar?.string else {
                log.error("a key must be a word", hint: "", at: key.position)
                continue
            }
            if asked.contains(name) || name.contains(Document.repeated) { continue }
            let place = self.name.isEmpty ? "" : " in \"\(self.name)\""
            let shown = name.count <= 40 ? "\"\(name)\"" : "of \(name.count) characters"
            log.error("unknown key \(shown)\(place)", hint: suggestion(for: name), at: key.position)
        }
    }

    private func suggestion(for name: String) -> String {
        if let near = Nearest.word(to: name, among: asked) { return "did you mean \"\(near)\"?" }
        return "known here: " + asked.sorted().joined(separator: ", ")
    }
}
