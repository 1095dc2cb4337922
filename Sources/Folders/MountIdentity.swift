internal import Glibc

/// Which mount a folder is on: two mounts of one disk, one after another, are two.
///
/// Linux 6.8 and later number mounts without ever giving a number twice (statx(2), `STATX_MNT_ID_UNIQUE`). Before, numbers
/// are used again, so that a disk that was taken away and put back at once cannot be told from one that stayed.
package struct MountIdentity: Hashable, Sendable {
    package let text: String

    /// Nil where the kernel does not tell.
    package init?(of folder: Folder) {
        if let unique = ExtendedStat(folder.descriptor, nil, mask: ExtendedStat.uniqueMount)?.mount {
            text = "u\(unique)"
        } else if let mount = Mount(of: folder) {
            text = "m\(mount.id)"
        } else {
            return nil
        }
    }

    package init(_ text: String) { self.text = text }
}

/// One start of the machine: changes with every boot (proc_sys_kernel(5)).
package enum Boot {
    package static let id: String = {
        guard let folder = try? Folder("/proc/sys/kernel/random"), let name = FileName("boot_id"),
            let file = try? FileHandle(name, in: folder, .read), let bytes = try? file.read(64, at: 0)
        else { return "unknown" }
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }()

    /// Numbers of mounts can be compared within one namespace only: a service manager makes a new one at each start, with
    /// mounts of its own over the same disks.
    package static let mountNamespace: String = {
        var text = [UInt8](repeating: 0, count: 64)
        let count = unsafe text.withUnsafeMutableBytes { buffer -> Int in
            guard let start = buffer.baseAddress else { return 0 }
            return unsafe readlink("/proc/self/ns/mnt", start.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        return count > 0 ? String(decoding: text.prefix(count), as: UTF8.self) : "unknown"
    }()
}

extension Folder {
    /// When a file was made, nanoseconds since 1970; nil where the file system does not keep it. Blocks.
    package func born(_ name: FileName) -> Int64? { ExtendedStat(descriptor, name, mask: ExtendedStat.birth)?.born }
}

/// statx(2), which Swift's Glibc does not import. The layout is the kernel's (`linux/stat.h`) and never changes.
struct ExtendedStat {
    static let birth: UInt32 = 0x800
    static let mountNumber: UInt32 = 0x1000
    static let uniqueMount: UInt32 = 0x4000

    private typealias Call =
        @convention(c) (Int32, UnsafePointer<UInt8>, Int32, UInt32, UnsafeMutableRawPointer) -> Int32
    private static let size = 256
    private static let noFollow: Int32 = 0x100
    private static let emptyPath: Int32 = 0x1000

    /// Nanoseconds since 1970.
    let born: Int64?
    let mount: UInt64?
    /// As in `/proc/self/mountinfo`: used again when its mount is gone.
    let mountNumber: Int?

    private static let call = unsafe dlsym(nil, "statx").map { unsafe unsafeBitCast($0, to: Call.self) }

    /// - Parameter name: nil for the folder itself.
    init?(_ folder: Int32, _ name: FileName?, mask: UInt32) {
        guard let call = unsafe Self.call else { return nil }
        var bytes = [UInt8](repeating: 0, count: Self.size)
        let path = name?.c ?? [0]
        let flags = name == nil ? Self.emptyPath : Self.noFollow
        let answer = unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return Int32(-1) }
            return unsafe call(folder, path, flags, mask, base)
        }
        guard answer == 0 else { return nil }
        let given = UInt32(truncatingIfNeeded: Self.number(bytes, at: 0, 4))
        // stx_btime at 80: seconds, then nanoseconds; stx_mnt_id at 144.
        let (seconds, nanoseconds) = (Int64(bitPattern: Self.number(bytes, at: 80, 8)), Self.number(bytes, at: 88, 4))
        born = given & Self.birth != 0 ? seconds &* 1_000_000_000 &+ Int64(nanoseconds) : nil
        let number = Self.number(bytes, at: 144, 8)
        mount = given & Self.uniqueMount != 0 ? number : nil
        mountNumber = given & Self.mountNumber != 0 ? Int(exactly: number) : nil
    }

    /// Little-endian, as every machine that Swift runs on.
    private static func number(_ bytes: [UInt8], at offset: Int, _ count: Int) -> UInt64 {
        bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
