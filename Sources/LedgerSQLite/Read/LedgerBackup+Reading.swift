extension LedgerBackup {
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
}
