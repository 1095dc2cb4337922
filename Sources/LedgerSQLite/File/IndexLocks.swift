internal import Folders
internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import Ledger
internal import Synchronization

/// Locks that others hold on the index of the log (`-shm`), and how the writer passes over those of mere readers.
///
/// SQLite's writer, checkpoint and recovery each take one byte of it exclusively (120, 121 and 122), readers share the five
/// behind them (walIndex in SQLite's wal.c). Whoever may read the file may also put a *shared* lock on the first three, which
/// SQLite's own readers never keep: the writer would be busy for as long as they like. Such a lock keeps out every other
/// writer just as well as it keeps out us, and there is only one, by the installation's lock: it says nothing, so it is passed
/// over. A lock of a program that may write (sqlite3 in a transaction) is exclusive, and waited for as ever.
///
/// A file is opened here once and never closed: closing any descriptor of it would take SQLite's own locks away (fcntl(2)).
package enum IndexLocks {
    /// Where the bytes begin (`UNIX_SHM_BASE`).
    private static let base: off_t = 120
    private static let writers: Range<off_t> = 0..<3
    private static let readers: Range<off_t> = 3..<8

    /// Somebody else's lock.
    package struct Holder: Hashable, Sendable, CustomStringConvertible {
        /// Zero or less where the kernel does not say: a process of another container, or an open-file lock.
        package let process: Int32
        package let isShared: Bool

        /// `process 4711 (python3, account auditor)`, as far as we may see it.
        package var description: String {
            guard process > 0 else { return "a process that the kernel does not name (fuser -v names it to root)" }
            let name = (try? DiskFile.Reader("/proc/\(process)/comm").read(64, at: 0)).map {
                String(decoding: $0, as: UTF8.self)
            }
            let program = name?.split(separator: "\n").first.map(String.init)
            let account = DiskFile.owner("/proc/\(process)").map { User.name(of: $0) ?? "uid \($0)" }
            let more = [program, account.map { "account \($0)" }].compactMap { $0 }
            return "process \(process)" + (more.isEmpty ? "" : " (\(more.joined(separator: ", ")))")
        }
    }

    /// Who holds what a writer needs; nil if nobody does.
    package static func writersHolder(_ ledger: String) -> Holder? { holder(ledger, writers) }
    /// Who reads, and so keeps the log from being emptied; one of them.
    package static func readersHolder(_ ledger: String) -> Holder? { holder(ledger, readers) }

    private static let opened = Mutex<[String: CInt]>([:])

    private static func holder(_ ledger: String, _ bytes: Range<off_t>) -> Holder? {
        opened.withLock { opened in
            let descriptor = unsafe opened[ledger] ?? open(ledger + "-shm", O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            opened[ledger] = descriptor
            return holder(descriptor, from: base + bytes.lowerBound, off_t(bytes.count))
        }
    }

    /// One of those who hold some of these bytes.
    static func holder(_ descriptor: CInt, from first: off_t, _ count: off_t) -> Holder? {
        var lock = flock()
        (lock.l_type, lock.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
        (lock.l_start, lock.l_len) = (first, count)
        guard unsafe fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
        return Holder(process: lock.l_pid, isShared: lock.l_type == Int16(F_RDLCK))
    }

    /// Whether these bytes are held by others, and each only as a reader holds it.
    private static func areMerelyShared(_ ledger: String, _ bytes: Range<off_t>) -> Bool {
        let holders = bytes.compactMap { holder(ledger, $0..<($0 + 1)) }
        return !holders.isEmpty && holders.allSatisfy(\.isShared)
    }
}

// MARK: - In SQLite's place

extension IndexLocks {
    private typealias Methods = sqlite3_io_methods
    private static let (lock, unlock) = (
        SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE
    )

    /// A database file whose locks come by here, by its address.
    private struct Passing {
        let ledger: String
        /// SQLite's own table of functions for it.
        let methods: UInt
        /// What was passed over and is therefore not ours to unlock: by first byte.
        var passed: Set<CInt> = []
    }
    private static let files = Mutex<[UInt: Passing]>([:])
    /// Copies of SQLite's tables with one function replaced: one for each table there is, for ever.
    private static let tables = Mutex<[UInt: UInt]>([:])

    /// From now on this connection writes whatever readers lock. To be called on a writing connection only.
    static func passOverReaders(_ db: Database, _ ledger: String) throws {
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = unsafe sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard code == SQLITE_OK, let file = unsafe file, let methods = unsafe file.pointee.pMethods else {
            throw LedgerTrouble.broken("SQLite does not show the file that it has opened")
        }
        guard unsafe methods.pointee.iVersion >= 2 else { return }
        let (address, own) = (UInt(bitPattern: file), UInt(bitPattern: methods))
        files.withLock { $0[address] = Passing(ledger: ledger, methods: own) }
        unsafe file.pointee.pMethods = table(for: methods)
    }

    private static func table(for methods: UnsafePointer<Methods>) -> UnsafePointer<Methods>? {
        let address = UInt(bitPattern: methods)
        let copy = tables.withLock { tables in
            if let known = tables[address] { return known }
            let new = UnsafeMutablePointer<Methods>.allocate(capacity: 1)
            unsafe new.initialize(to: methods.pointee)
            unsafe new.pointee.xShmLock = { file, first, count, flags in
                unsafe IndexLocks.locked(file, first, count, flags)
            }
            unsafe new.pointee.xClose = { unsafe IndexLocks.closed($0) }
            let made = UInt(bitPattern: new)
            tables[address] = made
            return made
        }
        return unsafe UnsafePointer(bitPattern: copy)
    }

    private static func locked(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ first: CInt, _ count: CInt, _ flags: CInt
    ) -> CInt {
        let address = UInt(bitPattern: file)
        guard let passing = files.withLock({ $0[address] }),
            let methods = unsafe UnsafePointer<Methods>(bitPattern: passing.methods),
            let own = unsafe methods.pointee.xShmLock
        else { return SQLITE_IOERR }
        if flags == unlock, files.withLock({ $0[address]?.passed.remove(first) }) != nil { return SQLITE_OK }
        let code = unsafe own(file, first, count, flags)
        let bytes = off_t(first)..<off_t(first + count)
        guard code & 0xff == SQLITE_BUSY, flags == lock, bytes.upperBound <= writers.upperBound,
            areMerelyShared(passing.ledger, bytes)
        else { return code }
        files.withLock { _ = $0[address]?.passed.insert(first) }
        return SQLITE_OK
    }

    private static func closed(_ file: UnsafeMutablePointer<sqlite3_file>?) -> CInt {
        let address = UInt(bitPattern: file)
        guard let passing = files.withLock({ $0.removeValue(forKey: address) }),
            let methods = unsafe UnsafePointer<Methods>(bitPattern: passing.methods),
            let own = unsafe methods.pointee.xClose
        else { return SQLITE_IOERR }
        return unsafe own(file)
    }
}
