internal import Glibc
package import Vocabulary

/// An open file. Owns its descriptor: closing is what happens when it goes.
///
/// Every call blocks: use them inside `Blocking.run`.
package struct FileHandle: ~Copyable, Sendable {
    package enum Access: Sendable {
        case read
        /// Must not exist yet.
        case create(mode: UInt32)
        /// Must exist.
        case readWrite
    }

    let descriptor: Int32

    init(adopting descriptor: Int32) { self.descriptor = descriptor }

    /// Opens `name` in `folder`. A symbolic link is refused (`.other(ELOOP)`); opening never waits for a FIFO's other end.
    package init(_ name: FileName, in folder: Folder, _ access: Access) throws(FileTrouble) {
        let always = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        let opened: Int32
        switch access {
        case .read:
            opened = try openingCall("open a file") { openAt(folder.descriptor, name, O_RDONLY | always) }
        case .readWrite:
            opened = try openingCall("open a file") { openAt(folder.descriptor, name, O_RDWR | always) }
        case .create(let mode):
            opened = try systemCall("create a file") {
                openAt(folder.descriptor, name, O_RDWR | O_CREAT | O_EXCL | always, mode: mode)
            }
        }
        self.init(adopting: opened)
    }

    /// A second opening of the same file, read only and with a position of its own, for a process that reads it from its
    /// standard input.
    package borrowing func reopened() throws(FileTrouble) -> FileHandle {
        FileHandle(
            adopting: try openingCall("open a file") {
                unsafe open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC | O_NOCTTY)
            })
    }

    deinit { close(descriptor) }

    /// Fills `buffer` from `offset`, as far as the file goes.
    /// - Returns: bytes read; fewer than asked only at the end of the file.
    package borrowing func read(into buffer: inout MutableRawSpan, at offset: Int64) throws(FileTrouble) -> Int {
        var done = 0
        while done < buffer.byteCount {
            let count = try unsafe buffer.withUnsafeMutableBytes { bytes throws(FileTrouble) in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
                return try systemCall("read a file") {
                    unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
                }
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// Up to `count` bytes from `offset`; fewer only at the end of the file.
    package borrowing func read(_ count: Int, at offset: Int64) throws(FileTrouble) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let done = try read(into: &bytes, at: offset)
        bytes.removeLast(count - done)
        return bytes
    }

    /// The same into an array that stays as long as it is.
    package borrowing func read(into bytes: inout [UInt8], at offset: Int64) throws(FileTrouble) -> Int {
        var span = bytes.mutableSpan
        var raw = unsafe span.mutableBytes
        return try read(into: &raw, at: offset)
    }

    /// Writes every byte of `bytes` at `offset`.
    package borrowing func write(_ bytes: RawSpan, at offset: Int64) throws(FileTrouble) {
        var done = 0
        while done < bytes.byteCount {
            done += try unsafe bytes.withUnsafeBytes { whole throws(FileTrouble) in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: whole[done...])
                return try systemCall("write a file") {
                    unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
                }
            }
        }
    }

    package borrowing func write(_ bytes: [UInt8], at offset: Int64) throws(FileTrouble) {
        try unsafe write(bytes.span.bytes, at: offset)
    }

    /// fdatasync: content and size are on the disk. Never call it again after it failed: the kernel has dropped the
    /// pages and a second call would say all is well. Throw the file away instead.
    package borrowing func sync() throws(FileTrouble) {
        try systemCall("sync a file to the disk") { fdatasync(descriptor) }
    }

    /// fsync: owner, mode and times too. The same rule after a failure.
    package borrowing func syncAll() throws(FileTrouble) {
        try systemCall("sync a file to the disk") { fsync(descriptor) }
    }

    /// Reserves `bytes` from the start without changing the size, so that two arrivals cannot promise the same space.
    /// A file system that cannot reserve (EOPNOTSUPP) is no trouble: writing will tell.
    ///
    /// Asks for the free space first and gives back what a failure took: ext4 allocates until the disk is full before it
    /// says that it is, and a full disk is everybody's trouble.
    package borrowing func reserve(_ bytes: Int64) throws(FileTrouble) {
        var s = stat()
        try systemCall("look at a file") { unsafe fstat(descriptor, &s) }
        let missing = bytes - Int64(s.st_blocks) * 512
        guard missing > 0 else { return }
        guard try DiskSpace.free(under: descriptor) >= missing else {
            throw FileTrouble("reserve space for a file", errno: ENOSPC)
        }
        do {
            try systemCall("reserve space for a file") {
                GNU.allocate(descriptor, mode: GNU.keepSize, offset: 0, count: bytes)
            }
        } catch let error where error.errno == EOPNOTSUPP || error.errno == ENOSYS {
        } catch {
            _ = ftruncate(descriptor, s.st_size)
            throw error
        }
    }

    package borrowing func truncate(to size: Int64) throws(FileTrouble) {
        try systemCall("shorten a file") { ftruncate(descriptor, off_t(size)) }
    }

    package borrowing func facts() throws(FileTrouble) -> FileFacts {
        var s = stat()
        try systemCall("look at a file") { unsafe fstat(descriptor, &s) }
        return FileFacts(s)
    }

    /// Permission bits as given: the umask plays no part.
    package borrowing func setMode(_ mode: UInt32) throws(FileTrouble) {
        try systemCall("set the mode of a file") { fchmod(descriptor, mode) }
    }

    /// When its content was last modified (futimens); when it was read last is left alone. A file system that keeps no such
    /// times, or keeps them more coarsely, is no trouble: they are a service and prove nothing.
    package borrowing func setModified(_ moment: Instant) throws(FileTrouble) {
        let (seconds, rest) = (moment.milliseconds / 1000, moment.milliseconds % 1000)
        let times = [
            timespec(tv_sec: 0, tv_nsec: Self.leaveAlone),
            timespec(tv_sec: Int(seconds), tv_nsec: Int(rest) * 1_000_000),
        ]
        do throws(FileTrouble) {
            try systemCall("set the time of a file") { unsafe futimens(descriptor, times) }
        } catch {
            guard [EPERM, EOPNOTSUPP, ENOSYS, EINVAL].contains(error.errno) else { throw error }
        }
    }

    /// UTIME_OMIT, whose cast Swift does not take over from <bits/stat.h>.
    private static let leaveAlone = (1 << 30) - 2

    package borrowing func setGroup(_ group: Group) throws(FileTrouble) {
        try systemCall("set the group of a file") { fchown(descriptor, uid_t.max, group.id) }
    }
}

/// A handle that several owners share, for closures that run elsewhere. Closed when the last owner lets go.
package final class SharedFile: Sendable {
    package let handle: FileHandle

    package init(_ handle: consuming FileHandle) { self.handle = handle }
}

extension FileHandle {
    /// Fills the whole array from `offset`; false if the file ends before.
    package borrowing func fill(_ bytes: inout [UInt8], at offset: Int64) throws(FileTrouble) -> Bool {
        try read(into: &bytes, at: offset) == bytes.count
    }
}
