internal import Folders
internal import Vocabulary

/// A folder of files with notes and labels beside them, as in sent/ and held/. Blocks.
struct NotedFiles {
    /// What `FileAway`, `HeldFiles` and `WaitingNotes` lay beside a file.
    static let suffixes = [
        ".receipt.p7s", ".receipt.txt", ".refusal.p7s", ".refused.txt", ".why.txt", ".rejected.txt", ".recalled.txt",
        ".waiting.txt",
    ]
    /// No note of ours is longer.
    private static let longestNote = 128 << 10

    private let folder: Folder

    init(_ folder: Folder) { self.folder = folder }

    /// The files with these marks and everything beside them, and the notes that stand alone and name one of these ids.
    func names(marks: Set<String>, ids: Set<String>) throws -> [FileName] {
        let all = Set(try folder.entries())
        let marks = Set(marks.map(FileFacts.withoutDevice))
        var (wanted, kept): (Set<FileName>, Set<FileName>) = ([], [])
        for name in all {
            guard let facts = try folder.lookup(name), facts.kind == .regular else { continue }
            let beside = try Self.beside(name).filter(all.contains)
            if marks.contains(FileFacts.withoutDevice(facts.mark)) {
                wanted.formUnion([name] + beside)
            } else {
                kept.formUnion(beside)
            }
        }
        let alone = all.subtracting(wanted).subtracting(kept).filter(Self.isNote)
        return (wanted + alone.filter { names(one: ids, $0) }).sorted()
    }

    /// Notes in words, and labels.
    static func mayNameSubjects(_ name: FileName) -> Bool {
        DropName.isSidecar(name) || (isNote(name) && name.text?.hasSuffix(".txt") == true)
    }

    /// Wherever it stands as a word of its own. Durable on return; what does not name it is left alone.
    func replace(_ word: String, with other: String, in name: FileName) throws {
        guard let facts = try folder.lookup(name), facts.kind == .regular else { return }
        let bytes = try DurableFile.read(name, in: folder, atMost: Self.longestNote)
        let text = String(decoding: bytes, as: UTF8.self)
        let changed = Self.replace(word, with: other, in: text)
        if changed != text {
            try DurableFile.write(
                Array(changed.utf8), to: folder, name, mode: facts.mode & 0o777, group: Group(id: facts.group))
        }
    }

    static func replace(_ word: String, with other: String, in text: String) -> String {
        var (left, done) = (text[...], "")
        func isPart(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || "-_/".contains($0) } ?? false
        }
        while !word.isEmpty, let found = left.firstRange(of: word) {
            let before = left[..<found.lowerBound]
            let isWhole = !isPart(before.last ?? done.last) && !isPart(left[found.upperBound...].first)
            done += before + (isWhole ? other : word)
            left = left[found.upperBound...]
        }
        return done + left
    }

    static func isNote(_ name: FileName) -> Bool {
        let text = name.text ?? ""
        return suffixes.contains { text.hasSuffix($0) }
    }

    /// Notes and labels, whether they are there or not.
    private static func beside(_ name: FileName) throws -> [FileName] {
        let notes = try name.text.map { text in try suffixes.map { try Names.note(text, $0) } } ?? []
        return notes + DropName.sidecars(of: name) + (unnumbered(name).map(DropName.sidecars) ?? [])
    }

    /// `minutes.pdf` of `minutes (2).pdf`: a label keeps the name under which it was dropped.
    static func unnumbered(_ name: FileName) -> FileName? {
        guard let text = name.text, let match = text.wholeMatch(of: /(.+) \([0-9]+\)(\.[^.]*)?/) else { return nil }
        return FileName("\(match.1)\(match.2 ?? "")")
    }

    private func names(one ids: Set<String>, _ note: FileName) -> Bool {
        guard let bytes = try? DurableFile.read(note, in: folder, atMost: Self.longestNote) else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        return ids.contains { text.contains($0) }
    }
}
