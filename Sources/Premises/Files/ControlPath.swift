package import Folders

/// The control socket by a path that fits into a socket's address, which holds 107 bytes: where the settings name a longer
/// one, through its open folder. So an installation may lie as deep as it likes, and nothing else has to know.
package struct ControlPath: Sendable {
    package static let most = 107
    package let path: String
    private let folder: Folder?

    /// Throws `FileTrouble` if the folder of a long path cannot be opened.
    package init(_ socket: String) throws(FileTrouble) {
        guard socket.utf8.count > Self.most else {
            (path, folder) = (socket, nil)
            return
        }
        let (place, name) = InstalledAgency.split(socket)
        let opened = try Folder(place)
        (path, folder) = (opened.shortPath(of: name), opened)
    }

    /// Runs `body` while the path is good.
    package func use<T>(_ body: (String) async throws -> T) async rethrows -> T {
        let result = try await body(path)
        withExtendedLifetime(folder) {}
        return result
    }
}
