internal import Folders
internal import Synchronization
internal import Vocabulary

/// Syncs folders, one sync for everybody who asked while the sync before it ran.
final class FolderSyncs: Sendable {
    /// By the folder itself, not by the object that has it open: those come and go (`FolderCache`).
    private let batchers = Mutex<[Folder.Identity: Batcher<Folder>]>([:])
    /// Beyond it all are forgotten; whoever waits on one still has it.
    private static let most = 1024

    /// Returns when a sync of this folder that began after the call has ended. An urgent file waits for no other sync.
    func sync(_ folder: Folder) async throws {
        if Urgency.isUrgent { return try await Blocking.run { try folder.sync() } }
        try await batcher(for: folder).done(folder)
    }

    private func batcher(for folder: Folder) throws -> Batcher<Folder> {
        let identity = try folder.identity()
        return batchers.withLock { known in
            if let batcher = known[identity] { return batcher }
            let batcher = Batcher<Folder> { folders in
                try await Blocking.run { try folders.first?.sync() }
                return []
            }
            if known.count >= Self.most { known.removeAll() }
            known[identity] = batcher
            return batcher
        }
    }
}
