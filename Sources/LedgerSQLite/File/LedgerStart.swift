internal import Glibc
internal import Ledger

/// What comes before a ledger is opened for writing: what its last life left is read from the disk.
enum LedgerStart {
    /// Byte of `-shm` that every connection holds a shared lock on (`UNIX_SHM_DMS` in SQLite's os_unix.c).
    private static let indexLock: off_t = 128

    /// Why the ledger must be checked before anything is built on it; nil if there is no reason.
    ///
    /// An empty write-ahead log means that the last life closed the ledger, or that all it acknowledged had been synced into
    /// the database: nothing can be lost. Any other end may have left pages in memory that the disk never got.
    static func doubt(_ path: String, _ mark: EndMark, wait seconds: Double) throws -> String? {
        let told = mark.found
        let log = path + "-wal"
        let isOpen = try DiskFile.exists(log) && DiskFile.Reader(log).size > 0
        guard isOpen || told != nil, DiskFile.exists(path) else { return nil }
        // Twice: a reader that came in between has made an index of what was remembered.
        try requireNoReaders(path, seconds)
        var findings = try forget(path, log, isFailed: told != nil)
        if try isHeld(path + "-shm") {
            try requireNoReaders(path, seconds)
            findings += try forget(path, log, isFailed: told != nil)
        }
        if let told { return told }
        guard findings.contains(where: { $0 != .same }) else { return nil }
        let words =
            findings.contains(.different)
            ? "the last life ended before the disk had everything that it had been given"
            : "the last life ended uncleanly, and this file system does not tell what its disk holds"
        mark.leave(.broken(words))
        return words
    }

    /// The database is compared only if it is small or a sync failed: a checkpoint whose sync was heard to fail left the log
    /// in place, and that makes up for what the database lost.
    private static func forget(_ path: String, _ log: String, isFailed: Bool) throws -> [PageCache.Finding] {
        let isSmall = try DiskFile.Reader(path).size < 256 << 20
        let database = try PageCache.forget(path, comparing: isFailed || isSmall)
        return DiskFile.exists(log) ? [database, try PageCache.forget(log)] : [database]
    }

    /// The first to open makes the index of the log anew, from the log as it is read then. One that a reader keeps alive
    /// may speak of pages that are no longer there.
    private static func requireNoReaders(_ path: String, _ seconds: Double) throws {
        for _ in 0...Int(seconds * 10) {
            guard try isHeld(path + "-shm") else { return }
            usleep(100_000)
        }
        guard let holder = try holder(path + "-shm") else { return }
        throw LedgerTrouble.busy(
            "\(holder) has the ledger open, and after an unclean end it must be read from the disk first: end it, or have root "
                + "end it (fuser -v on the file ending in -shm names all)")
    }

    private static func isHeld(_ index: String) throws -> Bool { try holder(index) != nil }

    private static func holder(_ index: String) throws -> IndexLocks.Holder? {
        let descriptor = unsafe open(index, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return IndexLocks.holder(descriptor, from: indexLock, 1)
    }
}
