internal import Glibc

extension FileHandle {
    /// Begins to write a range of the file out to the disk, and waits for what was begun of the range before it: so a large
    /// file is on the disk soon after it was read, and its sync at the end is short (sync_file_range(2)).
    ///
    /// Proves nothing by itself: only `syncAll` does. A file system that cannot do it is no trouble.
    /// - Throws: `FileTrouble` if the disk could not keep what was written before: as after a failed sync, nothing read
    ///   from this file may be believed.
    package borrowing func writeBack(_ range: Range<Int64>, after before: Range<Int64>) throws(FileTrouble) {
        if !before.isEmpty { try writeBack(before, GNU.waitBefore | GNU.write | GNU.waitAfter) }
        try writeBack(range, GNU.write)
    }

    private borrowing func writeBack(_ range: Range<Int64>, _ flags: UInt32) throws(FileTrouble) {
        do {
            try systemCall("write a file out to the disk") {
                GNU.syncRange(descriptor, range.lowerBound, range.upperBound - range.lowerBound, flags)
            }
        } catch let error where [EINVAL, ENOSYS, ESPIPE].contains(error.errno) {}
    }
}

extension GNU {
    fileprivate typealias SyncFileRange = @convention(c) (Int32, off_t, off_t, UInt32) -> Int32

    /// `linux/fs.h`
    fileprivate static let waitBefore: UInt32 = 1
    fileprivate static let write: UInt32 = 2
    fileprivate static let waitAfter: UInt32 = 4

    fileprivate static func syncRange(_ descriptor: Int32, _ offset: Int64, _ count: Int64, _ flags: UInt32) -> Int32 {
        guard let symbol = unsafe dlsym(nil, "sync_file_range") else {
            errno = ENOSYS
            return -1
        }
        return unsafe unsafeBitCast(symbol, to: SyncFileRange.self)(descriptor, off_t(offset), off_t(count), flags)
    }
}
