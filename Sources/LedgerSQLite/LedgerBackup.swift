internal import GRDB
internal import Ledger

/// Copies a ledger while it is in use.
package enum LedgerBackup {
    /// Writes a new file of mode 0600, synced, that holds every event committed before this call, and its page sums
    /// beside it (`FileSums`).
    ///
    /// Throws `LedgerTrouble`; refuses to overwrite. On failure nothing stays at `path`.
    package static func write(_ ledger: some LedgerReading, to path: String) async throws {
        let (source, hasher) = (ledger.reads.database, ledger.reads.hasher)
        try await OwnThread.run("ledger.backup") {
            try write(source, to: path)
            do { try FileSums.write(path, hasher, mode: 0o600) } catch {
                DiskFile.remove(path)
                throw error
            }
        }
    }

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
