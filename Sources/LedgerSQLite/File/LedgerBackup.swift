internal import GRDB
internal import Ledger

/// Copies a ledger while it is in use.
package enum LedgerBackup {
    /// Writes the new file alone, synced. Blocks.
    static func write(_ source: any DatabaseReader, to path: String) throws {
        guard !DiskFile.exists(path) else {
            throw LedgerTrouble.broken("a file of that name exists: a backup never overwrites, give a new name")
        }
        try DiskFile.create(path, mode: 0o600)
        do {
            let target = try DatabaseQueue(path: path)
            try source.backup(to: target)
            try target.close()
            try DiskFile.sync(path)
            try DiskFile.sync(DiskFile.folderOf(path))
        } catch {
            DiskFile.remove(path)
            throw LedgerTrouble(error)
        }
    }
}
