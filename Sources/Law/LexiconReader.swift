package import Inspection
internal import Vocabulary

/// `words-DATE.yaml` -> `Lexicon`.
package enum LexiconReader {
    /// - Parameters:
    ///   - bytes: The file.
    ///   - file: Its name, for messages.
    package static func read(_ bytes: [UInt8], file: String) -> Reading<Lexicon> {
        let log = ProblemLog(file: file)
        guard let top = Document.open(bytes, log: log) else { return log.reading(nil) }
        _ = top.required("words", top.id("words"))
        let version = top.required("version", top.id("version"))
        let families = top.sections("families").compactMap(FamilyRow.read)
        for (index, family) in families.enumerated() where families[..<index].contains(where: { $0.id == family.id }) {
            log.error(
                "family \"\(family.id)\" stands twice", hint: "give each family an id of its own",
                at: top.mark(of: "families"))
        }
        if families.isEmpty { top.missing("families", hint: "add at least one family of words") }
        top.end()
        return log.reading(Lexicon(version: version ?? "", families: families))
    }
}

/// One family of words.
enum FamilyRow {
    static func read(_ row: Section) -> Lexicon.Family? {
        let id = row.required("id", row.id("id"))
        let category = row.required("category", row.id("category"))
        let threshold = row.required("threshold", row.integer("threshold", 1...100))
        let window = row.integer("window", 40...4000)
        let isMarker = row.flag("marker")
        let words = weighted(row)
        let names = row.texts("names") ?? []
        let traps = checked(row.texts("traps") ?? [], row, "traps")
        let allowed = allowed(row)
        for name in names where !words.contains(where: { $0.text == name }) {
            row.log.error(
                "\"names\" holds \"\(name)\", which is not among the words", hint: "add it to a weight, or take it out",
                at: row.mark(of: "names"))
        }
        row.end()
        guard let id, let category, let threshold else { return nil }
        var family = Lexicon.Family(id: id, category: category, threshold: Int(threshold))
        Assign.set(window.map(Int.init), &family.window)
        Assign.set(isMarker, &family.isMarker)
        (family.words, family.names, family.traps, family.allowed) = (words, Set(names), traps, allowed)
        return family
    }

    /// `words: [{ weight: 4, any-of: [...] }]`
    private static func weighted(_ row: Section) -> [Lexicon.Word] {
        var words: [Lexicon.Word] = []
        for group in row.sections("words") {
            let weight = group.required("weight", group.integer("weight", 1...100))
            let texts = checked(group.texts("any-of") ?? [], group, "any-of")
            group.end()
            for text in texts {
                if words.contains(where: { $0.text == text }) {
                    group.log.error(
                        "\"\(text)\" stands twice in this family", hint: "keep one of them",
                        at: group.mark(of: "any-of"))
                }
                words.append(Lexicon.Word(text, weight: Int(weight ?? 1)))
            }
        }
        return words
    }

    private static func allowed(_ row: Section) -> [String: [String]] {
        var allowed: [String: [String]] = [:]
        for group in row.sections("allow") {
            let organisation = group.required("organisation", group.agency("organisation"))
            let phrases = checked(group.texts("phrases") ?? [], group, "phrases")
            group.end()
            if let organisation { allowed[organisation.text, default: []] += phrases }
        }
        return allowed
    }

    private static func checked(_ texts: [String], _ row: Section, _ key: String) -> [String] {
        for text in texts where !Lexicon.isWord(text) {
            row.log.error(
                "\"\(row.path(key))\" holds something that cannot be looked for",
                hint:
                    "write 2 to 48 plain letters, digits, spaces or apostrophes, with * only after the third or later",
                at: row.mark(of: key))
        }
        return texts
    }
}
