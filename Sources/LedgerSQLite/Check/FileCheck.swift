internal import GRDB
internal import Ledger
internal import Vocabulary

/// What of a ledger's check is about the file and the tables beside the events.
struct FileCheck {
    let check: LedgerCheck
    private var reads: LedgerReads { check.reads }

    func run(_ depth: LedgerCheck.Depth, _ report: inout LedgerReport) async throws {
        if depth == .whole {
            try await check.attempt("file", &report) { try await checkPages(&$0) }
            try await check.attempt("sums", &report) { try await checkSums(&$0) }
        }
        try await check.attempt("file", &report) { try await checkSettings(&$0) }
        try await found("schema", &report, SchemaCheck.problems)
        for table in SealedTable.all {
            try await found("table \(table.name)", &report) { [hasher = reads.hasher] in
                try SealedCheck(hasher: hasher).problems(table, $0)
            }
        }
        try await found("seals", &report, SealedCheck.strangers)
        try await found("tree", &report, Strangers.problems)
        try await checkVouched(&report)
    }

    private func found(
        _ place: String, _ report: inout LedgerReport,
        _ body: @escaping @Sendable (Database) throws -> [LedgerProblem]
    ) async throws {
        try await check.attempt(place, &report) { report in
            for problem in try await reads.scan(body) { report.add(problem) }
        }
    }

    /// Reads the whole file.
    private func checkPages(_ report: inout LedgerReport) async throws {
        let lines = try await reads.scan { try String.fetchAll($0, sql: "PRAGMA integrity_check(100)") }
        for line in lines where line != "ok" { report.add("file", "SQLite's own check says: \(line)") }
    }

    private func checkSums(_ report: inout LedgerReport) async throws {
        let (path, hasher, database) = (check.ledger.path, reads.hasher, reads.database)
        for problem in try await OwnThread.run("ledger.sums", { try FileSums.problems(path, hasher, database) }) {
            report.add(problem)
        }
    }

    private func checkSettings(_ report: inout LedgerReport) async throws {
        let isWAL = try await reads.run { try String.fetchOne($0, sql: "PRAGMA journal_mode") == "wal" }
        if !isWAL { report.add("file", "is not in write-ahead mode: another program has changed it") }
        if try await !isSynced() { report.add("file", "is written without syncing every commit") }
    }

    /// A setting of the writing connection; a reader has none.
    private func isSynced() async throws -> Bool {
        guard let pool = reads.database as? DatabasePool else { return true }
        return try await pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2
    }

    /// What others vouch for that the walk over the leaves does not meet: sizes that no leaf ends, and other ledgers.
    private func checkVouched(_ report: inout LedgerReport) async throws {
        let vouched = VouchedCheck(ours: await check.ledger.origin, judges: check.judges, crypto: check.crypto)
        try await check.attempt("countersigned", &report) { report in
            let words = try await reads.run { [hasher = reads.hasher] db in
                let size = try StoredTree(db, hasher).size()
                return try VouchedCheck.words(db, Int64.min...0) + VouchedCheck.words(db, size + 1...Int64.max)
            }
            for word in words { vouched.check(word, root: nil, &report) }
        }
        try await check.attempt("witnessed", &report) { report in
            for word in try await reads.run(VouchedCheck.witnessed) { vouched.check(word, root: nil, &report) }
        }
    }
}

/// Rows outside the numbers that the walk over the leaves meets.
enum Strangers {
    static func problems(_ db: Database) throws -> [LedgerProblem] {
        let details = try String.fetchAll(
            db,
            sql: """
                SELECT 'detail ' || seq FROM details WHERE seq > (SELECT coalesce(max(seq), -1) FROM leaves)
                UNION ALL SELECT 'detail ' || seq FROM details WHERE seq < 0
                UNION ALL SELECT 'leaf ' || seq FROM leaves WHERE seq < 0 LIMIT 100
                """)
        return try (details + nodes(db)).map { LedgerProblem($0, "has no place in the sequence") }
    }

    /// Each level is looked at beyond both its ends.
    private static func nodes(_ db: Database) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                WITH RECURSIVE l(level) AS (SELECT 1 UNION ALL SELECT level + 1 FROM l WHERE level < 62),
                size(n) AS (SELECT coalesce(max(seq), -1) + 1 FROM leaves)
                SELECT 'node ' || idx || ' of level ' || tree.level FROM l, size, tree
                WHERE tree.level = l.level AND idx < 0
                UNION ALL SELECT 'node ' || idx || ' of level ' || tree.level FROM l, size, tree
                WHERE tree.level = l.level AND idx >= (n >> l.level)
                UNION ALL SELECT 'node ' || idx || ' of level ' || level FROM tree WHERE level > 62 OR level < 1 LIMIT 100
                """)
    }
}
