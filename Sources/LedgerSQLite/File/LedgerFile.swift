internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import Ledger

/// Opens ledger files with the settings that durability and erasure need, and asserts those that SQLite may not take.
enum LedgerFile {
    /// Owner writes; the auditors' group reads all three files.
    static let mode: UInt32 = 0o640

    /// Opens for writing and brings it to the newest shape.
    /// - Parameter mayMake: whether a missing file is made; else it is trouble.
    static func open(
        _ path: String, _ crypto: any LedgerCrypto, busyTimeout: Double,
        migrations: [Migration] = Schema.migrations, mayMake: Bool = true
    ) throws -> DatabasePool {
        try Mount.requireLocal(DiskFile.folderOf(path))
        if !DiskFile.exists(path) {
            guard mayMake else { throw LedgerTrouble.broken("the ledger is gone: there is none at its path") }
            try DiskFile.create(path, mode: mode)
        }
        // They are of the file as it was closed, and it is about to change. `FileSums.take` has compared them.
        try FileSums.remove(path)
        let pool = try DatabasePool(path: path, configuration: writing(path, busyTimeout))
        do {
            try pool.writeWithoutTransaction(requireFullSync)
            try migrate(pool, migrations, crypto)
            // The log files have been made by now: their names are to survive a power cut too.
            try DiskFile.sync(DiskFile.folderOf(path))
        } catch {
            if LedgerTrouble.isOfTheDisk(error) { AbandonedLedgers.keep(pool) }
            throw error
        }
        return pool
    }

    /// Moves the log into the file, so that its pages are all there is, and writes their sums.
    static func close(_ pool: DatabasePool, _ path: String, _ hasher: MerkleHasher) throws {
        // The first column is 1 if a reader was in the way: then the log stays, and the file goes without sums.
        let isBusy = try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try pool.close()
        guard isBusy == 0, try DiskFile.Reader(path).size <= FileSums.limitAtClose else { return }
        // SQLite does not sync that it emptied the log: a full one beside sums would look like somebody's work.
        if DiskFile.exists(path + "-wal") { try DiskFile.sync(path + "-wal") }
        try FileSums.write(path, hasher, mode: mode)
    }

    /// Opens for reading beside a running daemon, or without one.
    static func openReadOnly(_ path: String, busyTimeout: Double) throws -> DatabaseQueue {
        guard DiskFile.exists(path) else { throw LedgerTrouble.broken("there is no ledger at this path") }
        try Mount.requireLocal(path)
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(busyTimeout)
        configuration.label = "ledger.reader"
        // The file may be damaged, or somebody's work: SQLite is to look twice and to trust nothing in it.
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF")
            NameKey.add(to: $0)
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read(requireOurs)
        return queue
    }

    private static func writing(_ path: String, _ busyTimeout: Double) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.maximumReaderCount = 3
        configuration.label = "ledger"
        configuration.prepareDatabase { db in
            // An erased detail must be gone from the pages too.
            try db.execute(sql: "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY")
            NameKey.add(to: db)
            guard !db.configuration.readonly else { return }
            try IndexLocks.passOverReaders(db, path)
            // Kibibytes: indexes over digests and names are hit at random. Readers keep SQLite's 2 MiB each.
            try db.execute(sql: "PRAGMA cache_size = -8192")
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
            checkpointNowAndThen(db)
            try keepLogFiles(db)
        }
        return configuration
    }

    /// As SQLite's own automatic checkpoint, which however passes over every error: a sync of the database that failed
    /// there would be made up for by the next one. A full disk or a reader in the way is no trouble: later, then.
    private static func checkpointNowAndThen(_ db: Database) {
        unsafe sqlite3_wal_hook(
            db.sqliteConnection,
            { _, connection, name, frames in
                guard frames >= 4000 else { return SQLITE_OK }
                let code = unsafe sqlite3_wal_checkpoint_v2(connection, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
                switch code & 0xff {
                case SQLITE_IOERR:
                    let why = unsafe LedgerFile.errnoOfDatabase(connection)
                    let isFull = code == ResultCode.SQLITE_IOERR_WRITE.rawValue && (why == EDQUOT || why == ENOSPC)
                    return isFull ? SQLITE_OK : code
                case SQLITE_CORRUPT: return code
                default: return SQLITE_OK
                }
            }, nil)
    }

    /// What the kernel said when a write of the log failed last, as SQLite keeps it with the open file. `sqlite3_system_errno`
    /// is whatever `errno` is when the statement has been cleared away: calls in between may have changed it.
    static func errnoOfLog(_ connection: OpaquePointer?) -> CInt {
        var log: UnsafeMutablePointer<sqlite3_file>?
        let found = unsafe sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log)
        guard found == SQLITE_OK, let log = unsafe log, let ask = unsafe log.pointee.pMethods?.pointee.xFileControl
        else { return 0 }
        var code: CInt = 0
        return unsafe ask(log, SQLITE_FCNTL_LAST_ERRNO, &code) == SQLITE_OK ? code : 0
    }

    /// The same of the database, which only checkpoints write to.
    private static func errnoOfDatabase(_ connection: OpaquePointer?) -> CInt {
        var code: CInt = 0
        return unsafe sqlite3_file_control(connection, "main", SQLITE_FCNTL_LAST_ERRNO, &code) == SQLITE_OK ? code : 0
    }

    /// GRDB sets synchronous = NORMAL after `prepareDatabase`, hence here; 2 is FULL: every commit is synced.
    private static func requireFullSync(_ db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = FULL")
        guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2,
            try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal"
        else { throw LedgerTrouble.broken("SQLite does not take synchronous=FULL with a write-ahead log here") }
    }

    /// Keeps `-wal` and `-shm` after the last close: readers of another user cannot make them.
    private static func keepLogFiles(_ db: Database) throws {
        var isKept: CInt = 1
        let code = unsafe sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &isKept)
        guard code == SQLITE_OK else { throw LedgerTrouble.broken("SQLite does not keep its write-ahead log files") }
    }

    private static func migrate(
        _ pool: DatabasePool, _ migrations: [Migration], _ crypto: any LedgerCrypto
    ) throws {
        let migrator = Migration.migrator(migrations, crypto)
        let applied = try pool.read { db in
            try requireKnown(db, newest: migrations.last?.number ?? 0)
            return try migrator.appliedIdentifiers(db)
        }
        for migration in migrations where !applied.contains(String(migration.number)) {
            if !applied.isEmpty { try backUp(pool, before: migration) }
            try migrator.migrate(pool, upTo: String(migration.number))
        }
    }

    /// A copy as it was, beside the ledger. One left by a failed earlier try is older than this and makes way.
    private static func backUp(_ pool: DatabasePool, before migration: Migration) throws {
        let path = "\(pool.path).before-\(migration.number)"
        DiskFile.remove(path)
        try LedgerBackup.write(pool, to: path)
    }

    /// Such copies, with what has been erased from the ledger since.
    static func copies(beside path: String) -> [String] {
        (1...max(1, Schema.migrations.count)).map { "\(path).before-\($0)" }.filter(DiskFile.exists)
    }

    private static func requireOurs(_ db: Database) throws {
        let newest = Schema.migrations.last?.number ?? 0
        try requireKnown(db, newest: newest)
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") == newest else {
            throw LedgerTrouble.broken("the ledger has an older shape: start waybilld once, it brings it up to date")
        }
    }

    /// An empty file is a ledger to be; anything else must be ours and not from the future.
    private static func requireKnown(_ db: Database, newest: Int) throws {
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
        guard try isEmpty || Int32.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
            throw LedgerTrouble.broken("this file is a database but not a Waybill ledger")
        }
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 <= newest else {
            throw LedgerTrouble.broken("the ledger was written by a newer Waybill: install that version")
        }
    }
}
