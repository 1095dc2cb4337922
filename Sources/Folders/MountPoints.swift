internal import Glibc

/// Which folder a path leads to at this moment: one that was mounted over or unmounted is another.
package struct FolderIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    /// Nil where `/proc` does not tell.
    private let mount: Int?

    package init(_ folder: Folder) throws(FileTrouble) {
        let facts = try folder.facts()
        (device, inode) = (facts.device, facts.inode)
        mount = Mount.id(of: folder)
    }

    /// Whether a rename from one to the other stays on one mount. Where `/proc` does not tell, devices must do.
    package func isOnMount(of other: FolderIdentity) -> Bool {
        guard let mount, let theirs = other.mount else { return device == other.device }
        return mount == theirs
    }
}

/// Where other file systems are mounted below a folder, or on it, now (proc_pid_mountinfo(5)).
package struct MountPoints: Sendable {
    /// Absolute paths, as the kernel has them.
    private let points: [String]

    package init() { self.init(mountinfo: Mount.text("/proc/self/mountinfo")) }

    init(mountinfo: String) {
        points = mountinfo.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            return fields.count == 6 ? Self.unescaped(fields[4]) : nil
        }
    }

    /// Paths relative to the folder, sorted, each once.
    package func below(_ folder: Folder) -> [String] { folder.path.map(below) ?? [] }

    func below(_ path: String) -> [String] {
        Set(points.filter { $0.hasPrefix("\(path)/") }.map { String($0.dropFirst(path.count + 1)) }).sorted()
    }

    /// Whether something is mounted on the folder itself.
    package func contains(_ folder: Folder) -> Bool { folder.path.map(points.contains) ?? false }

    /// The kernel writes blanks, tabs, line feeds and backslashes as three octal digits.
    private static func unescaped(_ field: Substring.UTF8View) -> String {
        var (bytes, rest) = ([UInt8](), field[...])
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"),
                let code = UInt8(String(decoding: Array(rest.prefix(3)), as: UTF8.self), radix: 8)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(code)
            rest = rest.dropFirst(3)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Folder {
    /// The path of an open folder, with no links in it; nil where `/proc` does not tell.
    package var path: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
