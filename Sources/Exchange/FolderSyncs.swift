internal import Folders
internal import Synchronization
internal import Vocabulary

/// Syncs folders, one sync for everybody who asked while the sync before it ran.
final class FolderSyncs: Sendable {
    private let batchers = Mutex<[ObjectIdentifier: Batcher<Folder>]>([:])

    /// Returns when a sync of this folder that began after the call has ended. An urgent file waits for no other sync.
    func sync(_ folder: Folder) async throws {
        if Urgency.isUrgent { return try await Blocking.run { try folder.sync() } }
        try await batcher(for: folder).done(folder)
    }

    private func batcher(for folder: Folder) -> Batcher<Folder> {
        batchers.withLock { known in
            if let batcher = known[ObjectIdentifier(folder)] { return batcher }
            let batcher = Batcher<Folder> { folders in
                try await Blocking.run { try folders.first?.sync() }
            }
            known[ObjectIdentifier(folder)] = batcher
            return batcher
        }
    }
}
