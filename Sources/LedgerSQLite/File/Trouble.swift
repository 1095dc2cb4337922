internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import Ledger
internal import Vocabulary

extension LedgerTrouble {
    /// Sorts any error of this room by what the caller should do. SQLite's own words hold no values, ours only ids.
    init(_ error: any Error) {
        switch error {
        case let trouble as LedgerTrouble: self = trouble
        case let error as DatabaseError: self = Self.sorted(error)
        case let failed as FailedSync:
            self = .broken("the ledger's disk failed: a sync ended with errno \(failed.errno)")
        case let malformed as Malformed: self = .refused("the ledger refused it: \(malformed)")
        default: self = .broken("the ledger failed: \(type(of: error))")
        }
    }

    private static func sorted(_ error: DatabaseError) -> LedgerTrouble {
        let why = "\(error.message ?? "no reason given") (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            return .busy("another process holds the ledger: \(why)")
        // A reader that may not write the index of the log came while it was being written.
        case .SQLITE_READONLY
        where [.SQLITE_READONLY_RECOVERY, .SQLITE_READONLY_CANTINIT].contains(error.extendedResultCode):
            return .busy("another process begins or ends with the ledger: \(why)")
        case .SQLITE_FULL:
            return .full("no space for the ledger: \(why); free some and it goes on by itself")
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return .broken(
                "the ledger cannot be opened: \(why); check owner and mode of it and of -wal and -shm beside it")
        default:
            return .broken("the ledger refused or failed: \(why)")
        }
    }

    /// An error of SQLite's with the number that the kernel gave for it: a quota that is reached (EDQUOT) is an error of
    /// input and output to SQLite, and to the caller a full disk. Only of a write: a *sync* that fails for want of space
    /// has lost what it was to keep.
    static func withSystemErrno(_ error: any Error, _ db: Database) -> any Error {
        guard let error = error as? DatabaseError, error.resultCode == .SQLITE_IOERR else { return error }
        let code: CInt
        switch error.extendedResultCode {
        case .SQLITE_IOERR_WRITE: code = unsafe LedgerFile.errnoOfLog(db.sqliteConnection)
        case .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_SHMOPEN: code = unsafe sqlite3_system_errno(db.sqliteConnection)
        default: return error
        }
        guard code == EDQUOT || code == ENOSPC else { return error }
        return LedgerTrouble.full(
            "no space for the ledger: its disk or quota is full (errno \(code)); free some and it goes on by itself")
    }

    /// Whether what lies on disk is in doubt: a sync, read or write that failed, or damage.
    static func isOfTheDisk(_ error: any Error) -> Bool {
        if error is FailedSync { return true }
        let codes: [ResultCode] = [.SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB]
        return (error as? DatabaseError).map { codes.contains($0.resultCode) } ?? false
    }

    /// Whether only the append that met it is to blame, so that its neighbours in the batch deserve another try.
    static func isOfOneAppend(_ error: any Error) -> Bool {
        error is Malformed || (error as? DatabaseError)?.resultCode == .SQLITE_CONSTRAINT
    }
}
