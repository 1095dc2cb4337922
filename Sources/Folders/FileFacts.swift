internal import Glibc

/// What kind of thing a name stands for.
package enum FileKind: Hashable, Sendable {
    case regular, folder, symlink, fifo, socket, device

    init(mode: mode_t) {
        self =
            switch mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFLNK: .symlink
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            default: .device
            }
    }
}

/// What changes whenever a file's content may have changed: two equal stamps mean the same bytes.
package struct FileStamp: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
    /// Bytes.
    package let size: Int64
    /// Modification and status change, nanoseconds since 1970.
    package let modified: Int64
    package let changed: Int64

    package init(device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }

    /// Whether both are of one file, whatever was written to it in between.
    func isSameFile(as other: FileStamp) -> Bool { device == other.device && inode == other.inode }
}

/// What the file system says about a file (stat(2)).
package struct FileFacts: Hashable, Sendable {
    package let stamp: FileStamp
    package let kind: FileKind
    /// Permission bits with set-id and sticky, without the kind.
    package let mode: UInt32
    package let links: UInt64
    package let owner: UInt32
    package let group: UInt32

    package var size: Int64 { stamp.size }
    package var inode: UInt64 { stamp.inode }
    package var device: UInt64 { stamp.device }

    /// Whether both are the same file, whatever happened to it in between.
    package func isSameFile(as other: FileFacts) -> Bool { device == other.device && inode == other.inode }

    init(_ s: stat) {
        stamp = FileStamp(
            device: UInt64(s.st_dev), inode: UInt64(s.st_ino), size: Int64(s.st_size),
            modified: nanoseconds(s.st_mtim), changed: nanoseconds(s.st_ctim))
        kind = FileKind(mode: s.st_mode)
        mode = s.st_mode & 0o7777
        links = UInt64(s.st_nlink)
        owner = s.st_uid
        group = s.st_gid
    }
}

/// Nanoseconds in a `timespec`. Times after 2262 do not fit and stay at the end of the range.
func nanoseconds(_ time: timespec) -> Int64 {
    let (seconds, over) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, beyond) = seconds.addingReportingOverflow(Int64(time.tv_nsec))
    return over || beyond ? (time.tv_sec < 0 ? .min : .max) : sum
}
