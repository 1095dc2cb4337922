internal import Glibc
internal import Ledger

/// What the disk holds, as opposed to what the kernel remembers of it.
///
/// After a writeback that failed, Linux keeps the pages as if they had been written: whoever opens the file next reads what
/// the disk never got. SQLite reads its log that way, believes the commits in it, and a checkpoint carries them into the
/// database; the next power cut takes them away again. Blocks; nobody may write meanwhile.
enum PageCache {
    enum Finding: Hashable {
        /// What was remembered was what is on disk.
        case same
        /// The disk holds something else than was remembered; from now on it is the disk that is read.
        case different
        /// Neither the pages could be let go nor the disk be read past them: told by no file system that we know.
        case unknown
    }

    /// Puts what is still to be written on disk, compares what is remembered with what the disk holds, and lets the
    /// remembered pages go. Throws `FailedSync` if the disk fails again, `LedgerTrouble` if the pages stay and differ.
    /// - Parameter comparing: whether to compare even if the pages can be let go; reads the file twice.
    static func forget(_ path: String, comparing: Bool = true) throws -> Finding {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LedgerTrouble.broken("the ledger file cannot be opened to be looked at") }
        defer { close(descriptor) }
        guard fdatasync(descriptor) == 0 else { throw FailedSync(errno: errno) }
        let before = try comparing ? differs(path) : false
        posix_fadvise(descriptor, 0, 0, CInt(POSIX_FADV_DONTNEED))
        if isForgotten(descriptor) { return before == true ? .different : .same }
        // Something holds the pages, such as a reader that maps them, or a file system with a memory of its own.
        switch try differs(path) {
        case false?: return before == true ? .different : .same
        case nil: return .unknown
        case true?:
            throw LedgerTrouble.broken(
                "what is read from the ledger is not what lies on its disk, and the kernel does not let go of it: restart "
                    + "this machine")
        }
    }

    /// Whether no page of it is in memory (mincore(2), which tells the owner of a file or who may write to it).
    static func isForgotten(_ descriptor: CInt) -> Bool {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { return size == 0 }
        guard let mapped = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), unsafe mapped != MAP_FAILED
        else { return false }
        defer { unsafe munmap(mapped, size) }
        var pages = [UInt8](repeating: 0, count: (size + 4095) / 4096)
        guard unsafe mincore(mapped, size, &pages) == 0 else { return false }
        return pages.allSatisfy { $0 & 1 == 0 }
    }

    /// Whether reading past the memory gives other bytes; nil where the file system cannot.
    private static func differs(_ path: String) throws -> Bool? {
        guard let disk = Direct(path) else { return nil }
        let memory = try DiskFile.Reader(path)
        var offset: Int64 = 0
        while true {
            guard let raw = disk.read(at: offset) else { return true }
            let usual = try memory.read(Direct.size, at: offset)
            if raw != usual { return true }
            if usual.count < Direct.size { return false }
            offset += Int64(usual.count)
        }
    }

    /// A file read past the page cache. Memory has no other copy: there opening it so fails, or tells the same bytes.
    @safe private struct Direct: ~Copyable {
        static let size = 1 << 20
        private let descriptor: CInt
        private let buffer: UnsafeMutableRawBufferPointer
        /// `asm-generic/fcntl.h`; another number on Arm.
        private static var flag: CInt {
            #if arch(arm64)
                0o200000
            #else
                0o40000
            #endif
        }

        init?(_ path: String) {
            descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | Self.flag)
            guard descriptor >= 0 else { return nil }
            unsafe buffer = .allocate(byteCount: Self.size, alignment: 4096)
        }

        deinit {
            close(descriptor)
            unsafe buffer.deallocate()
        }

        /// Up to a MiB; nil where the disk cannot read it, such as a block that was never written for want of space.
        func read(at offset: Int64) -> [UInt8]? {
            var done = 0
            while done < Self.size {
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                let got = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + done)
                if got < 0 { return nil }
                done += got
                // Only the end is not a whole block.
                if got == 0 || done % 4096 != 0 { break }
            }
            return unsafe Array(buffer[..<done])
        }
    }
}
