internal import Folders
internal import Synchronization

/// Whether folders are on disks of this machine: asked once for each folder that is opened.
final class KnownDisks: Sendable {
    private let known = Mutex<[Folder.Identity: Bool]>([:])
    /// Folders of an installation are far fewer.
    private static let most = 1024

    /// Blocks.
    func isOurs(_ folder: Folder) throws -> Bool {
        let id = try folder.identity()
        if let known = known.withLock({ $0[id] }) { return known }
        let isOurs = FileSystemKind.of(folder) != .network
        known.withLock { known in
            if known.count == Self.most { known = [:] }
            known[id] = isOurs
        }
        return isOurs
    }
}
