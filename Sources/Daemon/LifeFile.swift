internal import Exchange
internal import Folders
internal import Vocabulary

/// Where an installation says that it lives, or how its life ended (`LastLife`).
enum LifeFile {
    static let name = ".alive"

    /// What the life before this one left.
    static func lastLife(in root: String, at now: Instant) -> LastLife {
        guard let name = FileName(name), let folder = try? Folder(root) else { return .none }
        return LastLife.read(name, in: folder, startedAt: now)
    }
}
