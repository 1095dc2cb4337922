internal import FoundationEssentials
package import Folders

/// Reading and writing small files of the installation by path. The paths are the administrator's, never a partner's.
package enum FileSystem {
    package static var workingFolder: String { FileManager.default.currentDirectoryPath }

    /// The whole file, or `FileTrouble`.
    package static func read(_ path: String, atMost limit: Int = 1 << 20) throws -> [UInt8] {
        let (folder, name) = try place(path)
        return try DurableFile.read(name, in: Folder(folder), atMost: limit)
    }

    /// Durable on return.
    package static func write(
        _ bytes: [UInt8], to path: String, mode: UInt32, clash: Folder.Clash = .replace
    ) throws {
        let (folder, name) = try place(path)
        try DurableFile.write(bytes, to: Folder(folder), name, mode: mode, clash: clash)
    }

    /// For people and messages. What is decided by it asks `isThere`.
    package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether there is anything of this name; `FileTrouble` if that cannot be known just now.
    package static func isThere(_ path: String) throws -> Bool {
        let (folder, name) = try place(path)
        do { return try Folder(folder).lookup(name) != nil } catch {
            guard error.reason == .missing else { throw error }
            return false
        }
    }

    /// Whether it is a file and nothing else: no folder, device or link.
    package static func isRegular(_ path: String) throws -> Bool {
        let (folder, name) = try place(path)
        return try Folder(folder).lookup(name)?.kind == .regular
    }

    /// Names in a folder, sorted; none if it is missing. What cannot be listed just now is not empty: `FileTrouble`.
    package static func names(in path: String) throws -> [String] {
        let entries: [FileName]
        do { entries = try Folder(path).entries() } catch {
            guard error.reason == .missing else { throw error }
            return []
        }
        return entries.compactMap(\.text).sorted()
    }

    package static func remove(_ path: String) throws {
        let (folder, name) = try place(path)
        let place = try Folder(folder)
        try place.remove(name)
        try place.sync()
    }

    private static func place(_ path: String) throws -> (String, FileName) {
        let (folder, file) = InstalledAgency.split(path)
        guard let name = FileName(file) else { throw FileTrouble("use a path", errno: 22) }
        return (folder, name)
    }
}
