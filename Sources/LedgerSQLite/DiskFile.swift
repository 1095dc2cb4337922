internal import Glibc
internal import Ledger

/// The few system calls that SQLite leaves to its host. Strings become C strings here and nowhere else.
enum DiskFile {
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Makes an empty file that did not exist, with exactly this mode, and syncs the folder that names it.
    static func create(_ path: String, mode: mode_t) throws(LedgerTrouble) {
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw trouble("cannot be made") }
        defer { close(descriptor) }
        guard fchmod(descriptor, mode) == 0 else { throw trouble("cannot be given its mode") }
        try sync(folderOf(path))
    }

    /// Puts a file or folder on disk. A failed sync is never tried again: what it covered is in doubt for ever.
    static func sync(_ path: String) throws(LedgerTrouble) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw trouble("cannot be opened to be synced") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw trouble("cannot be synced") }
    }

    /// The path without links and dots; nil if nothing is there.
    static func real(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
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
