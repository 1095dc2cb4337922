package import Exchange
internal import Folders
package import Vocabulary

/// Where an installation says that it lives, or how its life ended (`LastLife`).
package enum LifeFile {
    package static let name = ".alive"

    /// What the life before this one left.
    package static func lastLife(in root: String, at now: Instant) -> LastLife {
        guard let name = FileName(name), let folder = try? Folder(root) else { return .none }
        return LastLife.read(name, in: folder, startedAt: now)
    }
}
