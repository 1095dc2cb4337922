internal import Glibc

/// The mount that a folder is on, from `/proc/self` (proc_pid_mountinfo(5)): two bind mounts of one file system are two.
/// Where mountinfo has no line for it (`/` of a chroot), its type is from statfs(2).
struct Mount: Hashable {
    let id: Int
    /// Such as `ext4` or `nfs4`.
    let type: String

    /// Nil where `/proc` does not tell the mount, or nothing tells its type.
    init?(of folder: Folder) {
        guard let id = Self.id(of: folder) else { return nil }
        let told = Self.type(of: id, inMountinfo: Self.text("/proc/self/mountinfo"))
        guard let type = told ?? FileSystemNumber.name(under: folder.descriptor) else { return nil }
        self.id = id
        self.type = type
    }

    /// Asked for every folder that is opened, so of the kernel itself where it tells (Linux 5.8).
    static func id(of folder: Folder) -> Int? {
        if let id = ExtendedStat(folder.descriptor, nil, mask: ExtendedStat.mountNumber)?.mountNumber { return id }
        return id(inFdinfo: text("/proc/self/fdinfo/\(folder.descriptor)"))
    }

    static func id(inFdinfo text: String) -> Int? {
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.starts(with: "mnt_id:".utf8) {
            return Int(String(decoding: Array(line.dropFirst(7).filter { $0 > 0x20 }), as: UTF8.self))
        }
        return nil
    }

    /// `22 27 0:21 / /proc rw,relatime shared:5 - proc proc rw`: the type follows the lone hyphen.
    static func type(of id: Int, inMountinfo text: String) -> String? {
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.starts(with: "\(id) ".utf8) {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard let hyphen = fields.dropFirst(6).firstIndex(where: { $0.elementsEqual("-".utf8) }) else { return nil }
            return fields.dropFirst(hyphen + 1).first.map { String(decoding: Array($0), as: UTF8.self) }
        }
        return nil
    }

    /// Whole, though `/proc` gives every file the size 0; empty if it cannot be read.
    static func text(_ path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<count]
        }
    }
}
