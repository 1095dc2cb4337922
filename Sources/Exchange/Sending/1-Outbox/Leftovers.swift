internal import Folders
internal import Vocabulary

/// What of the names that are never taken a person should know: the litter of systems at once; what a transfer or an
/// editor left when nothing has happened to it for ten minutes and nobody writes to it.
enum Leftovers {
    private static let patience: Int64 = 600
    /// So many are looked at; the rest is counted.
    private static let most = 200

    /// Blocks: one look a name, and one opening for those that are old.
    /// - Parameters:
    ///   - seen: since when each has looked as it does, on the boot clock; kept between looks.
    ///   - now: of the boot clock.
    static func look(
        _ names: [(name: FileName, kind: UntakenName)], in folder: Folder,
        _ seen: inout [FileName: (stamp: FileStamp, at: Int64)], at now: Int64, _ clock: Instant
    ) -> [OutboxMemory.Leftover] {
        let names = names.filter { $0.kind != .ours }.sorted { $0.name < $1.name }
        var still: [FileName: (stamp: FileStamp, at: Int64)] = [:]
        var found: [OutboxMemory.Leftover] = []
        for (name, kind) in names.prefix(most) {
            guard !kind.isLitter else {
                found.append(.init(name: name, word: word(kind, age: nil), isNoted: false))
                continue
            }
            guard let facts = try? folder.lookup(name) else { continue }
            let since = seen[name].flatMap { $0.stamp == facts.stamp ? $0.at : nil } ?? now
            still[name] = (facts.stamp, since)
            guard let age = age(facts, since: since, now, clock), Untouched.isSo(name, in: folder) else { continue }
            found.append(.init(name: name, word: word(kind, age: age), isNoted: kind.deservesNote))
        }
        seen = still
        if names.count > most, let last = names.last {
            let more = NotSentNotes.Word(
                why: "\(names.count - most) more names like these are in this folder", remedy: "clear it")
            found.append(.init(name: last.name, word: more, isNoted: false))
        }
        return found
    }

    /// Seconds for which nothing has happened; nil below ten minutes. By the file's own time, or by how long we have seen
    /// it so, whichever is longer: a time ahead of the clock says nothing.
    private static func age(_ facts: FileFacts, since: Int64, _ now: Int64, _ clock: Instant) -> Int64? {
        let byTime = clock.milliseconds / 1000 - facts.stamp.modified / 1_000_000_000
        let age = max(byTime, (now - since) / 1_000_000_000)
        return age >= patience ? age : nil
    }

    private static func word(_ kind: UntakenName, age: Int64?) -> NotSentNotes.Word {
        let aged = age.map { " (nothing has happened to it for \(words(seconds: $0)))" } ?? ""
        return NotSentNotes.Word(why: kind.why + aged, remedy: kind.remedy)
    }

    static func words(seconds: Int64) -> String {
        switch seconds {
        case ..<7200: "\(seconds / 60) minutes"
        case ..<172_800: "\(seconds / 3600) hours"
        default: "\(seconds / 86_400) days"
        }
    }
}
