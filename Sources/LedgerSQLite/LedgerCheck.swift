internal import FoundationEssentials
internal import GRDB
package import Ledger
package import Vocabulary

/// Recomputes everything that a ledger claims: leaves, commitments, tree, checkpoint, histories, rows.
///
/// Works in pages, each a short read, so that it may run beside the daemon; what is appended meanwhile is left for the
/// next check. Memory does not grow with the ledger.
package struct LedgerCheck: Sendable {
    /// What is wrong with a stored statement of a partner (nil: nothing). This room has no certificates.
    package typealias StatementJudge =
        @Sendable (_ kind: EventKind, _ statement: [UInt8], _ partner: AgencyID?) -> String?
    /// Called now and then with how many events are done, of how many.
    package typealias Progress = @Sendable (_ done: Int64, _ of: Int64) -> Void

    private let ledger: any LedgerReading
    private let crypto: any LedgerCrypto
    private let publicKey: [UInt8]?
    private let judge: StatementJudge
    private let progress: Progress
    private var reads: LedgerReads { ledger.reads }

    /// - Parameter publicKey: the ledger key, 32 bytes; without it the kept checkpoint's signature is not checked.
    package init(
        _ ledger: some LedgerReading, crypto: any LedgerCrypto, publicKey: [UInt8]? = nil,
        judge: @escaping StatementJudge = { _, _, _ in nil }, progress: @escaping Progress = { _, _ in }
    ) {
        self.ledger = ledger
        self.crypto = crypto
        self.publicKey = publicKey
        self.judge = judge
        self.progress = progress
    }

    /// Runs the whole check. Throws `LedgerTrouble` if the ledger cannot be read, or `CancellationError`.
    package func run() async throws -> LedgerReport {
        var report = LedgerReport()
        try await checkFile(&report)
        let missing = try await checkLeaves(&report)
        try await HistoryCheck(reads: reads).run(&report)
        try await DutyCheck(reads: reads).checkRows(&report)
        try await ErasureCheck(reads: reads).run(missing, &report)
        return report
    }

    /// What SQLite finds, and what somebody with another program may have left.
    private func checkFile(_ report: inout LedgerReport) async throws {
        for line in try await Self.mapped(integrity) where line != "ok" {
            report.add("file", "SQLite's own check says: \(line)")
        }
        let isWAL = try await reads.run { try String.fetchOne($0, sql: "PRAGMA journal_mode") == "wal" }
        if !isWAL { report.add("file", "is not in write-ahead mode: another program has changed it") }
        if try await !Self.mapped(isSynced) { report.add("file", "is written without syncing every commit") }
        for place in try await reads.run(Self.strangers) { report.add(place, "has no place in the sequence") }
        for name in try await reads.run(TriggerCheck.missing) {
            report.add("trigger \(name)", "is missing or changed: the append-only rule was lifted")
        }
    }

    /// Reads the whole file, so it has no deadline.
    private func integrity() async throws -> [String] {
        try await reads.database.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(100)") }
    }

    /// A setting of the writing connection; a reader has none.
    private func isSynced() async throws -> Bool {
        guard let pool = reads.database as? DatabasePool else { return true }
        return try await pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2
    }

    /// Rows outside the numbers that `LeafPage` walks.
    private static func strangers(_ db: Database) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT 'detail ' || seq FROM details WHERE seq > (SELECT coalesce(max(seq), -1) FROM leaves)
                UNION ALL SELECT 'detail ' || seq FROM details WHERE seq < 0
                UNION ALL SELECT 'leaf ' || seq FROM leaves WHERE seq < 0 LIMIT 100
                """)
    }

    /// Returns the leaves without detail.
    private func checkLeaves(_ report: inout LedgerReport) async throws -> LeafRanges {
        let hasher = reads.hasher
        var walk = LeafWalk(hasher: hasher, crypto: crypto, judge: judge)
        let kept = try await keptCheckpoint(&report)
        report.events = try await reads.run { try StoredTree($0, hasher).size() }
        while walk.next < report.events {
            let page = try await reads.run { [walk, events = report.events] in
                try LeafPage.read($0, from: walk.next, to: min(walk.next + LeafPage.size, events))
            }
            walk.take(page, &report, kept: kept)
            try await DutyCheck(reads: reads).find(walk.carried, &report)
            progress(walk.next, report.events)
            try Task.checkCancellation()
        }
        let nodes = report.events - Int64(report.events.nonzeroBitCount)
        let count = try await reads.run { [events = report.events] db in
            // Nodes that end beyond the events looked at are of later appends.
            try Int64.fetchOne(
                db, sql: "SELECT count(*) FROM tree WHERE (idx + 1) << level <= ?", arguments: [events]) ?? 0
        }
        if count > nodes { report.add("tree", "holds \(count - nodes) nodes that no leaves explain") }
        return walk.missing
    }

    /// The kept checkpoint, if it is ours and not beyond the events: a longer one means that events were cut off.
    private func keptCheckpoint(_ report: inout LedgerReport) async throws -> Checkpoint? {
        guard let text = try await reads.keptCheckpoint() else { return nil }
        let size = try await reads.run { [hasher = reads.hasher] in try StoredTree($0, hasher).size() }
        do {
            let note = try SignedNote(parsing: Array(text.utf8))
            let checkpoint = try Checkpoint(body: note.body)
            if let publicKey {
                try note.verify(by: NoteKey(name: checkpoint.origin, publicKey: publicKey, crypto), crypto)
            }
            if checkpoint.origin != ledger.origin.description { report.add("checkpoint", "is of another ledger") }
            if checkpoint.size > size {
                report.add("checkpoint", "covers \(checkpoint.size) events but only \(size) are left")
            }
            return checkpoint
        } catch {
            report.add("checkpoint", "cannot be believed: \(error)")
            return nil
        }
    }

    private static func mapped<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let cancelled as CancellationError {
            throw cancelled
        } catch {
            throw LedgerTrouble(error)
        }
    }
}

/// Whether the triggers stand as the schema made them.
enum TriggerCheck {
    static func missing(_ db: Database) throws -> [String] {
        let reference = try DatabaseQueue()
        try reference.write { db in for migration in Schema.migrations { try migration.run(db) } }
        let wanted = try reference.read(triggers)
        let found = try triggers(db)
        return wanted.filter { found[$0.key] != $0.value }.map(\.key).sorted()
    }

    private static func triggers(_ db: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        return rows.reduce(into: [:]) { $0[$1["name"]] = $1["sql"] }
    }
}
