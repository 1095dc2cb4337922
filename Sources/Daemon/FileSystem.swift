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

    package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether it is a file and nothing else: no folder, device or link.
    package static func isRegular(_ path: String) throws -> Bool {
        let (folder, name) = try place(path)
        return try Folder(folder).lookup(name)?.kind == .regular
    }

    /// Names in a folder, sorted; none if it is missing.
    package static func names(in path: String) -> [String] {
        ((try? Folder(path).entries()) ?? []).compactMap(\.text).sorted()
    }

    package static func remove(_ path: String) throws {
        let (folder, name) = try place(path)
        let place = try Folder(folder)
        try place.remove(name)
        try place.sync()
    }

    private static func place(_ path: String) throws -> (String, FileName) {
        let (folder, file) = Premises.split(path)
        guard let name = FileName(file) else { throw FileTrouble("use a path", errno: 22) }
        return (folder, name)
    }
}
