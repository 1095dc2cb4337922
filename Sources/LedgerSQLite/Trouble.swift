internal import GRDB
internal import Ledger
internal import Vocabulary

extension LedgerTrouble {
    /// Sorts any error of this room by what the caller should do. SQLite's own words hold no values, ours only ids.
    init(_ error: any Error) {
        switch error {
        case let trouble as LedgerTrouble: self = trouble
        case let error as DatabaseError: self = Self.sorted(error)
        case let malformed as Malformed: self = .refused("the ledger refused it: \(malformed)")
        default: self = .broken("the ledger failed: \(type(of: error))")
        }
    }

    private static func sorted(_ error: DatabaseError) -> LedgerTrouble {
        let why = "\(error.message ?? "no reason given") (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return .busy("another process holds the ledger: \(why)")
        case .SQLITE_FULL:
            return .full("no space for the ledger: \(why); free some and it goes on by itself")
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return .broken(
                "the ledger cannot be opened: \(why); check owner and mode of it and of -wal and -shm beside it")
        default:
            return .broken("the ledger refused or failed: \(why)")
        }
    }

    /// Whether only the append that met it is to blame, so that its neighbours in the batch deserve another try.
    static func isOfOneAppend(_ error: any Error) -> Bool {
        error is Malformed || (error as? DatabaseError)?.resultCode == .SQLITE_CONSTRAINT
    }
}
