internal import Folders
internal import Synchronization

/// Folders that are kept open, so many at most: the one that was asked for longest ago makes way. Its descriptor is closed
/// when nobody uses it any more. A folder for each day would otherwise stay open for ever.
final class FolderCache: Sendable {
    private struct State {
        var folders: [String: (folder: Folder, used: UInt64)] = [:]
        var clock: UInt64 = 0
    }
    private let state = Mutex(State())
    private let most: Int

    /// - Parameter most: descriptors; enough for a round of scans over the routes of a dozen partners.
    init(most: Int = 256) { self.most = most }

    subscript(path: String) -> Folder? {
        get {
            state.withLock { state in
                guard let folder = state.folders[path]?.folder else { return nil }
                state.clock += 1
                state.folders[path]?.used = state.clock
                return folder
            }
        }
        set {
            state.withLock { state in
                state.clock += 1
                state.folders[path] = newValue.map { ($0, state.clock) }
                guard state.folders.count > most else { return }
                if let oldest = state.folders.min(by: { $0.value.used < $1.value.used }) {
                    state.folders[oldest.key] = nil
                }
            }
        }
    }

    var count: Int { state.withLock { $0.folders.count } }
}
