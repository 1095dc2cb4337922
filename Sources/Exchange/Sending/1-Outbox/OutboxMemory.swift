internal import Folders
internal import Vocabulary

/// What a route's folder holds that does not go, between two looks: how long, and whom an office program names.
struct OutboxMemory: Sendable {
    /// Since when a name has had its problem, on the boot clock.
    private(set) var since: [FileName: (problem: Folders.Problem, at: Int64)] = [:]
    /// Names that are never taken, and since when they have looked as they do.
    var seen: [FileName: (stamp: FileStamp, at: Int64)] = [:]
    var leftovers: [Leftover] = []
    /// Whose lock file keeps a document.
    var owners: [FileName: String] = [:]
    var surveyedAt: Int64?
    /// Something was there to be told at the last survey.
    var isTelling = false

    /// A thing that is never taken, in words.
    struct Leftover: Hashable, Sendable {
        let name: FileName
        let word: NotSentNotes.Word
        let isNoted: Bool
    }

    mutating func note(_ problems: [(name: FileName, problem: Folders.Problem)], at now: Int64) {
        var next: [FileName: (problem: Folders.Problem, at: Int64)] = [:]
        for (name, problem) in problems {
            let known = since[name]
            next[name] = known?.problem == problem ? known : (problem, now)
        }
        since = next
        owners = owners.filter { next[$0.key]?.problem == .openInEditor }
    }
}
