internal import Glibc
internal import Ledger

/// The few system calls that SQLite leaves to its host. Strings become C strings here and nowhere else.
enum DiskFile {
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Makes an empty file that did not exist, with exactly this mode, and syncs the folder that names it.
    static func create(_ path: String, mode: mode_t) throws {
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw trouble("cannot be made") }
        defer { close(descriptor) }
        guard fchmod(descriptor, mode) == 0 else { throw trouble("cannot be given its mode") }
        try sync(folderOf(path))
    }

    /// Puts a file or folder on disk. A failed sync is never tried again: what it covered is in doubt for ever.
    static func sync(_ path: String) throws {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw trouble("cannot be opened to be synced") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FailedSync(errno: errno) }
    }

    /// The path without links and dots; nil if nothing is there.
    static func real(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Reads from a file that nobody writes. Blocks.
    struct Reader: ~Copyable {
        private let descriptor: Int32

        init(_ path: String) throws(LedgerTrouble) {
            descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw trouble("cannot be opened") }
        }

        deinit { close(descriptor) }

        var size: Int64 {
            get throws(LedgerTrouble) {
                let end = lseek(descriptor, 0, SEEK_END)
                guard end >= 0 else { throw trouble("cannot be measured") }
                return Int64(end)
            }
        }

        /// Fewer bytes than `count` at the end only.
        func read(_ count: Int, at offset: Int64) throws(LedgerTrouble) -> [UInt8] {
            var (bytes, done) = ([UInt8](repeating: 0, count: count), 0)
            while done < count {
                let got = unsafe bytes.withUnsafeMutableBytes {
                    unsafe pread(descriptor, $0.baseAddress?.advanced(by: done), count - done, off_t(offset) + done)
                }
                guard got >= 0 else { throw trouble("cannot be read") }
                if got == 0 { break }
                done += got
            }
            return Array(bytes.prefix(done))
        }

        func readAll() throws(LedgerTrouble) -> [UInt8] { try read(Int(size), at: 0) }
    }

    /// Writes a whole file beside its place, syncs it and puts it there by one rename.
    static func replace(_ path: String, _ bytes: [UInt8], mode: mode_t) throws {
        let temporary = path + ".new"
        remove(temporary)
        try create(temporary, mode: mode)
        let descriptor = unsafe open(temporary, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw trouble("cannot be written") }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let put = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
            }
            guard put > 0 else { throw trouble("cannot be written") }
            done += put
        }
        guard fsync(descriptor) == 0 else { throw FailedSync(errno: errno) }
        guard unsafe rename(temporary, path) == 0 else { throw trouble("cannot be put in its place") }
        try sync(folderOf(path))
    }

    /// Who owns it; nil if that may not be seen.
    static func owner(_ path: String) -> UInt32? {
        var s = stat()
        return unsafe stat(path, &s) == 0 ? s.st_uid : nil
    }

    /// Under another name in the same folder, in place of what has that name; durable on return.
    static func move(_ path: String, to other: String) throws {
        guard unsafe rename(path, other) == 0 else { throw trouble("cannot be put aside") }
        try sync(folderOf(path))
    }

    static func remove(_ path: String) { _ = unsafe unlink(path) }

    static func folderOf(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func trouble(_ what: String) -> LedgerTrouble {
        let (code, why) = (errno, unsafe String(cString: strerror(errno)))
        let sentence = "the ledger file \(what): \(why)"
        return code == ENOSPC || code == EDQUOT ? .full(sentence) : .broken(sentence)
    }
}

/// The kernel could not put on disk what it had taken. It says so once and then forgets: nothing that it held may be
/// believed, and a second try would be answered with success.
struct FailedSync: Error {
    let errno: CInt
}
