import Foundation

/// A temporary folder on a disk (read leases are believed there), named shortly because of the control socket's path.
struct Scratch: Sendable {
    let path: String

    init() throws {
        path = Machine.disk + "/wj-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        // Whatever the umask: daemons of other accounts run below it.
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// A folder in another's, removed with it.
    init(below other: Scratch, _ name: String) throws {
        path = "\(other.path)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    func handle(_ name: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: "\(path)/\(name)", contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
