import Folders
import Glibc

/// A folder of its own for one test, removed with everything in it.
final class TestFolder: Sendable {
    let path: String
    let folder: Folder

    init() throws {
        var random = SystemRandomNumberGenerator()
        path = "/var/tmp/waybill-folders-test-" + String(random.next(), radix: 16)
        folder = try Folder.make(path, mode: 0o700)
    }

    deinit { Self.removeAll(in: folder, path: path) }

    private static func removeAll(in folder: Folder, path: String) {
        for name in (try? folder.entries()) ?? [] {
            if let inner = try? folder.subfolder(name), let text = name.text {
                removeAll(in: inner, path: path + "/" + text)
            } else {
                try? folder.remove(name)
            }
        }
        _ = unsafe rmdir(path)
    }

    func sub(_ name: String) throws -> Folder { try folder.makeSubfolder(FileName.of(name), mode: 0o700) }
}

/// What people and other programs do to a folder, by absolute path. Each fails the test if it cannot.
enum Disk {
    static func symlink(to target: String, at path: String) throws { try done(unsafe Glibc.symlink(target, path)) }
    static func hardLink(_ path: String, at other: String) throws { try done(unsafe link(path, other)) }
    static func fifo(_ path: String) throws { try done(unsafe mkfifo(path, 0o600)) }
    static func nullDevice(_ path: String) throws { try done(unsafe mknod(path, S_IFCHR | 0o600, 0x103)) }
    static func remove(_ path: String) throws { try done(unsafe Glibc.remove(path)) }
    static func rename(_ path: String, _ other: String) throws { try done(unsafe Glibc.rename(path, other)) }
    static func setMode(_ path: String, _ mode: UInt32) throws { try done(unsafe chmod(path, mode)) }

    /// Where local file systems are mounted on this machine, as far as their paths need no unescaping.
    static func mountPoints() throws -> [String] {
        let text = try Folder("/proc/self").text("mountinfo")
        let fields = text.split(separator: "\n").map { $0.split(separator: " ") }
        let isLocal = { (line: [Substring]) in
            line.contains { ["ext4", "xfs", "btrfs", "tmpfs", "overlay"].contains($0) }
        }
        return fields.filter(isLocal).compactMap { $0.count > 4 ? String($0[4]) : nil }.filter { !$0.contains("\\") }
    }

    static func allocated(_ path: String) throws -> Int {
        var s = stat()
        try done(unsafe stat(path, &s))
        return Int(s.st_blocks) * 512
    }

    /// A bound datagram socket at a path, or with `@` in front at an abstract name.
    static func socket(_ name: String) throws -> Int32 {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = name.utf8.first == UInt8(ascii: "@") ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        try done(
            unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, length) }
            })
        return descriptor
    }

    static func received(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    private static func done(_ result: Int32) throws {
        guard result == 0 else { throw TestTrouble("errno \(errno)") }
    }
}

extension FileName {
    /// For names that a test knows to be valid.
    static func of(_ text: String) throws -> FileName {
        guard let name = FileName(text) else { throw TestTrouble("not a file name: \(text)") }
        return name
    }
}

struct TestTrouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension Folder {
    func put(_ name: FileName, _ text: String = "content") throws {
        let file = try FileHandle(name, in: self, .create(mode: 0o600))
        try file.write(Array(text.utf8), at: 0)
    }

    func put(_ name: String, _ text: String = "content") throws { try put(FileName.of(name), text) }

    func text(_ name: String) throws -> String {
        String(decoding: try DurableFile.read(FileName.of(name), in: self, atMost: 1 << 20), as: UTF8.self)
    }

    func names() throws -> [String] { try entries().map { $0.text ?? "(not UTF-8)" }.sorted() }
}

let second: Int64 = 1_000_000_000
