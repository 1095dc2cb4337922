import Foundation
import Synchronization

/// Sees whatever lies below a folder, however shortly, until `end`: as somebody with rights on a share could.
final class Watch: Sendable {
    /// By path; what grew is kept as it was last seen.
    private let seen = Mutex<[String: Data]>([:])
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ folder: String) {
        let watching = Task {
            while !Task.isCancelled {
                look(folder)
                try? await Task.sleep(for: .milliseconds(3))
            }
        }
        task.withLock { $0 = watching }
    }

    func end() { task.withLock { $0?.cancel() } }

    private func look(_ folder: String) {
        for path in Files.below(folder) {
            guard let bytes = try? Files.bytes(path) else { continue }
            seen.withLock { if bytes.count >= $0[path]?.count ?? 0 { $0[path] = bytes } }
        }
    }

    /// The last parts of all paths.
    var names: [String] { seen.withLock { $0.keys.map { URL(fileURLWithPath: $0).lastPathComponent } } }

    func hasSeen(_ word: String) -> Bool {
        seen.withLock { seen in
            seen.values.contains { String(decoding: $0, as: UTF8.self).localizedCaseInsensitiveContains(word) }
        }
    }
}
