internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// The questions that a ledger file answers, for the daemon and for commands alike.
///
/// Each read ends within its deadline or fails as busy: an open reader keeps the write-ahead log from shrinking.
package struct LedgerReads: Sendable {
    let database: any DatabaseReader
    let hasher: MerkleHasher
    var deadline = Duration.seconds(5)

    /// Runs on a reading connection's own thread. Throws `LedgerTrouble`, or `CancellationError` to a cancelled caller.
    func run<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await withThrowingTaskGroup(of: T?.self) { group in
            let (database, deadline) = (database, deadline)
            group.addTask { try await database.read(body) }
            group.addTask {
                try await Task.sleep(for: deadline)
                return nil
            }
            defer { group.cancelAll() }
            do {
                if let answer = try await group.next() ?? nil { return answer }
            } catch let cancelled as CancellationError {
                throw cancelled
            } catch {
                throw LedgerTrouble(error)
            }
            throw LedgerTrouble.busy("the ledger took longer than \(deadline) to answer: ask for less")
        }
    }

    /// For questions about one row by its key, asked for every file: they end by themselves, and a clock for each would
    /// cost more than the answer.
    func point<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        do { return try await database.read(body) } catch let cancelled as CancellationError {
            throw cancelled
        } catch {
            throw LedgerTrouble(error)
        }
    }

    /// For a check that reads a whole table or file: as long as it takes.
    func scan<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await point(body)
    }

    func records(_ keys: [ConsignmentKey]) async throws -> [ConsignmentKey: ConsignmentRecord] {
        try await point { db in
            let statement = try db.cachedStatement(sql: "SELECT * FROM consignments WHERE \(ConsignmentKey.isKey)")
            return try keys.reduce(into: [:]) { records, key in
                let row = try Row.fetchOne(statement, arguments: StatementArguments(key.columns))
                records[key] = try row.map(ConsignmentRecord.init)
            }
        }
    }

    func newest(_ kind: EventKind, of keys: [ConsignmentKey]) async throws -> [ConsignmentKey: [UInt8]] {
        let keys = keys.filter { kind.direction == nil || kind.direction == $0.direction }
        if keys.isEmpty { return [:] }
        return try await point { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT detail FROM leaves INDEXED BY leaves_by_consignment JOIN details USING (seq)
                    WHERE consignment = ? AND partner = ? AND kind = ? ORDER BY seq DESC LIMIT 1
                    """)
            return try keys.reduce(into: [:]) { found, key in
                let detail = try Data.fetchOne(
                    statement, arguments: [key.id.column, key.partner.text, kind.rawValue])
                found[key] = detail.flatMap(Self.statement)
            }
        }
    }

    /// What follows the facts of an event; nil if nothing was signed.
    private static func statement(in detail: Data) -> [UInt8]? {
        let bytes = [UInt8](detail)
        guard let end = bytes.firstIndex(of: 0x0a), end + 1 < bytes.count else { return nil }
        return Array(bytes[(end + 1)...])
    }

    func events(of key: ConsignmentKey) async throws -> [StoredEvent] {
        try await run { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT seq, leaf, salt, detail FROM leaves INDEXED BY leaves_by_consignment
                    LEFT JOIN details USING (seq) WHERE consignment = ? AND partner = ? ORDER BY seq
                    """)
            return try Row.fetchAll(statement, arguments: [key.id.column, key.partner.text]).map(StoredEvent.init)
                .filter { $0.leaf.kind.direction == nil || $0.leaf.kind.direction == key.direction }
        }
    }

    /// Those of some kinds only: most consignments have none of them, and the index alone says so.
    func events(of key: ConsignmentKey, _ kinds: Set<EventKind>) async throws -> [StoredEvent] {
        let words = kinds.filter { $0.direction == nil || $0.direction == key.direction }.map(\.rawValue).sorted()
        return try await run { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT seq, leaf, salt, detail FROM leaves INDEXED BY leaves_by_consignment
                    LEFT JOIN details USING (seq) WHERE consignment = ? AND partner = ?
                    AND kind IN (\(words.map { _ in "?" }.joined(separator: ", "))) ORDER BY seq
                    """)
            let columns: [(any DatabaseValueConvertible)?] = [key.id.column, key.partner.text] + words
            return try Row.fetchAll(statement, arguments: StatementArguments(columns)).map(StoredEvent.init)
        }
    }

    func list(_ filter: LedgerFilter, after key: ConsignmentKey?, limit: Int) async throws -> [ConsignmentRecord] {
        try await run { db in
            let cursor = try key.map { try Self.cursor(db, $0) }
            let query = ListQuery(filter, after: cursor, limit: limit)
            if query.isEmpty { return [] }
            return try Row.fetchAll(db, sql: query.sql, arguments: StatementArguments(query.arguments))
                .map(ConsignmentRecord.init)
        }
    }

    private static func cursor(_ db: Database, _ key: ConsignmentKey) throws -> ListQuery.Cursor {
        let sql = "SELECT first, row FROM consignments WHERE \(ConsignmentKey.isKey)"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: StatementArguments(key.columns)) else {
            throw Malformed("ledger list", "cannot go on after \(key.id): it is not in this ledger")
        }
        return ListQuery.Cursor(first: try row.value("first"), row: try row.value("row"))
    }

    func counts() async throws -> [Direction: [ConsignmentState: Int]] {
        try await run { db in
            let sql = "SELECT direction, state, count FROM counts"
            var counts: [Direction: [ConsignmentState: Int]] = [:]
            for row in try Row.fetchAll(db, sql: sql) {
                counts[try row.word("direction"), default: [:]][try row.word("state")] = try row.value("count")
            }
            return counts
        }
    }

    func duties(_ filter: DutyFilter, limit: Int) async throws -> [Duty] {
        let query = DutyQuery(filter, limit: limit)
        if query.isEmpty { return [] }
        let (sql, arguments) = (query.sql, StatementArguments(query.arguments))
        return try await run { try Row.fetchAll($0, sql: sql, arguments: arguments).map(Duty.init) }
    }

    func inclusionProof(of seq: Int64, in size: Int64) async throws -> [Digest] {
        try await run { [hasher] db in
            let tree = StoredTree(db, hasher)
            guard try (0...tree.size()).contains(size) else {
                throw Malformed("inclusion proof", "the ledger has no size of \(size) yet")
            }
            return try tree.tree(of: size).inclusionProof(of: seq)
        }
    }

    func consistencyProof(from old: Int64, to new: Int64) async throws -> [Digest] {
        try await run { [hasher] db in
            let tree = StoredTree(db, hasher)
            guard try new <= tree.size() else {
                throw Malformed("consistency proof", "the ledger has no size of \(new) yet")
            }
            return try tree.tree(of: new).consistencyProof(from: old)
        }
    }

    /// The newest checkpoint that the daemon kept.
    func keptCheckpoint() async throws -> String? {
        try await run { try String.fetchOne($0, sql: "SELECT note FROM checkpoint").map(TextColumn.read) }
    }

    func stagingMarks(of keys: [ConsignmentKey]?) async throws -> [StagingMark] {
        guard let keys else {
            return try await run {
                try Row.fetchAll($0, sql: "SELECT * FROM staging ORDER BY at, id").map(StagingMark.init)
            }
        }
        let sql = "SELECT * FROM staging WHERE \(ConsignmentKey.isKey)"
        let marks = try await point { db in
            try Set(keys).compactMap { key in
                try Row.fetchOne(db, sql: sql, arguments: StatementArguments(key.columns)).map(StagingMark.init)
            }
        }
        return marks.sorted { ($0.at, $0.key.id) < ($1.at, $1.key.id) }
    }

    func attempts() async throws -> [Attempt] {
        try await run { try Row.fetchAll($0, sql: "SELECT * FROM attempts ORDER BY lastAt, id").map(Attempt.init) }
    }

    func agencyEvents(_ kinds: Set<EventKind>, of partner: AgencyID?) async throws -> [StoredEvent] {
        let words = kinds.map(\.rawValue).sorted()
        let sql = """
            SELECT seq, leaf, salt, detail FROM leaves INDEXED BY leaves_of_agency LEFT JOIN details USING (seq)
            WHERE consignment IS NULL AND partner IS ? AND kind IN (\(words.map { _ in "?" }.joined(separator: ", ")))
            ORDER BY seq
            """
        return try await run { db in
            let arguments = StatementArguments([partner?.text]) + StatementArguments(words)
            return try Row.fetchAll(db, sql: sql, arguments: arguments).map(StoredEvent.init)
        }
    }

    /// What others vouch for and small facts.
    func vouched<T: Sendable>(_ body: @escaping @Sendable (VouchedRows) throws -> T) async throws -> T {
        try await run { try body(VouchedRows($0)) }
    }
}
