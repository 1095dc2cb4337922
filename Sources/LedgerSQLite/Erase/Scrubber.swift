internal import FoundationEssentials
internal import GRDB
package import Ledger
package import Vocabulary

// Erasing is a commit; then the pages, the log and the copies beside the file are freed of what it erased.
//
//     commit ─► erase/pages remembered ─► copies made before a migration go ─► log into the file, log emptied
//            ─► VACUUM: every page written anew ─► log into the file, log emptied ─► erase/pages forgotten

extension SQLiteLedger {
    /// Erases whole consignments and says so in one event, in one commit. Returns the event's number.
    ///
    /// Throws `LedgerTrouble.refused`, and nothing is erased, if one of them may not be erased now. `scrub` follows.
    package func erase(_ erasure: Erasure, at now: Instant) async throws -> Int64 {
        let crypto = crypto
        let job = LedgerJob.erase(erasure, at: now) { erased in
            SaltedEvent(erasure.event(erased, at: now), crypto)
        }
        return try await submit(job).first ?? 0
    }

    /// Writes every page anew, because one that was rebalanced may keep old bytes beside its cells even under
    /// `secure_delete`, and empties the write-ahead log. Appends wait meanwhile; reads go on.
    ///
    /// Nothing to be done is the usual case. Throws `LedgerTrouble.busy` if somebody reads for so long that the log
    /// cannot be emptied: it is still to be done then, and remembered.
    package func scrub() async throws {
        let fact = Erasure.Pending.pages
        guard let pending = try await remembered(fact) else { return }
        do {
            for copy in LedgerFile.copies(beside: path) { DiskFile.remove(copy) }
            try DiskFile.sync(DiskFile.folderOf(path))
            try await pool.writeWithoutTransaction(Pages.rewrite)
            // Not if more was erased meanwhile.
            try await pool.write { [hasher = MerkleHasher(crypto)] db in
                let rows = VouchedRows(db)
                guard try rows.remembered(named: fact)[fact] == pending else { return }
                try rows.remember(fact, nil, SealedTables(db, hasher))
            }
        } catch {
            throw await judged(error)
        }
    }
}

/// The file as pages.
enum Pages {
    /// Above this the second copy that VACUUM makes goes to a file without a name instead of to memory.
    private static let mostInMemory = 256 << 20

    static func rewrite(_ db: Database) throws {
        try emptyLog(db)
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let size = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096
        try db.execute(sql: "PRAGMA temp_store = \(pages * size > mostInMemory ? "FILE" : "MEMORY")")
        defer { try? db.execute(sql: "PRAGMA temp_store = MEMORY") }
        try db.execute(sql: "VACUUM")
        try emptyLog(db)
    }

    /// Waits for readers as long as the connection's busy timeout says, then throws `SQLITE_BUSY`.
    private static func emptyLog(_ db: Database) throws {
        guard try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")?["busy"] == 0 else {
            throw DatabaseError(resultCode: .SQLITE_BUSY, message: "a reader keeps the write-ahead log")
        }
    }
}

extension Erasure {
    /// Names the leaves, and nobody.
    func event(_ erased: Erased, at now: Instant) -> NewEvent {
        var facts: [String: JSON] = [
            "because": .string(because), "by": .string(by), "consignments": .integer(Int64(erased.consignments)),
            "details": .integer(Int64(erased.details)), "leaves": erased.leaves.json,
            "selector": .string(selector.rawValue),
        ]
        if let although, !concerns.isEmpty {
            (facts["although"], facts["concerns"]) = (although.json, .strings(concerns))
        }
        return NewEvent(at: now, kind: .erased, consignment: nil, partner: nil, detail: EventDetail(facts))
    }
}
