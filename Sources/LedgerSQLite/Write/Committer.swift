internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// One caller's wish, done whole or not at all.
enum LedgerJob: Sendable {
    case append([SaltedEvent])
    case setMark(StagingMark)
    case clearMark(ConsignmentKey)
    case note(Attempt)
    /// Keeps a signed checkpoint for readers without the key.
    case keep(SignedNote, size: Int64)
    /// Returns the size if it was kept, nothing if another came first.
    case witness(WitnessedHead, after: Int64)
    case keepCountersigned(Countersigned)
    case keepToken(TimeToken)
    case remember([String: String?])
    /// Appends the events and gives the ledger another UUID.
    case beginEpoch([SaltedEvent], ledger: String)
    /// The event is made when it is known which leaves it names.
    case erase(Erasure, at: Instant, event: @Sendable (Erased) -> SaltedEvent)
    case eraseReference(
        Erasure.OfReference, at: Instant, events: @Sendable (Erased, ConsignmentRecord) -> [SaltedEvent])
}

/// Does jobs inside a transaction of the writing connection. A value: a failed batch is forgotten with it.
struct Committer {
    private let db: Database
    private let hasher: MerkleHasher
    /// The tree after all jobs done so far; becomes the truth when the transaction is committed.
    private(set) var frontier: MerkleFrontier
    private var statements: Statements
    private let sealed: SealedTables

    init(_ db: Database, _ frontier: MerkleFrontier, _ hasher: MerkleHasher) throws {
        self.db = db
        self.frontier = frontier
        self.hasher = hasher
        statements = try Statements(db)
        sealed = SealedTables(db, hasher)
    }

    /// Returns the sequence numbers of an append, nothing for other jobs.
    mutating func run(_ job: LedgerJob) throws -> [Int64] {
        switch job {
        case .append(let events): return try append(events)
        case .setMark(let mark):
            try sealed.put(mark.key.columns + [mark.waybill.column, mark.next, mark.at.milliseconds], in: .staging)
        case .clearMark(let key): try sealed.remove(key.columns, from: .staging)
        case .note(let attempt): try sealed.put(attempt.columns, in: .attempts)
        case .keep(let note, let size): try sealed.put([1, size, note.text], in: .checkpoint)
        case .witness(let head, let old): return try VouchedRows(db).keep(head, after: old, sealed)
        case .keepCountersigned(let checkpoint): try VouchedRows(db).keep(checkpoint, sealed)
        case .keepToken(let token): try VouchedRows(db).keep(token, sealed)
        case .remember(let facts):
            for (name, value) in facts { try VouchedRows(db).remember(name, value, sealed) }
        case .beginEpoch(let events, let ledger):
            let sequence = try append(events)
            try Meta.rename(ledger, sealed)
            return sequence
        case .erase(let erasure, let now, let event):
            let eraser = Eraser(db, hasher, sealed)
            let sequence = try append([event(eraser.erase(erasure, at: now))])
            try eraser.remember(erasure, sequence)
            return sequence
        case .eraseReference(let wish, _, let events):
            let eraser = ReferenceEraser(db, sealed)
            let (erased, record) = try eraser.takeOut(wish)
            let sequence = try append(events(erased, record))
            try eraser.remember(wish, sequence)
            return sequence
        }
        return []
    }

    /// The same between two savepoints: a job that is to blame for its own failure is undone and told, and the next may
    /// go on. Throws what fails the whole transaction.
    mutating func attempt(_ job: LedgerJob) throws -> Result<[Int64], LedgerTrouble> {
        let (db, before) = (db, frontier)
        do {
            var sequence: [Int64] = []
            try db.inSavepoint {
                sequence = try run(job)
                return .commit
            }
            return .success(sequence)
        } catch {
            guard LedgerTrouble.isOfOneAppend(error), db.isInsideTransaction else { throw error }
            // SQLite cannot bring a statement that failed back to its beginning.
            (frontier, statements) = (before, try Statements(db))
            return .failure(LedgerTrouble(error))
        }
    }

    private mutating func append(_ events: [SaltedEvent]) throws -> [Int64] {
        let rows = try RowWriter(db, statements, sealed)
        let duties = DutyRows(db)
        var projection = Projection(stage: rows.stage, duty: duties.duty)
        try projection.take(events.lazy.map(\.event))
        let sequence = try events.map { try append($0) }
        let salts = Self.rowSalts(events)
        // In the order of their first events: a row's number says when it came.
        for (key, row) in projection.rows.sorted(by: { $0.value.firstEvent < $1.value.firstEvent }) {
            try rows.write(row, key, salt: salts[key])
        }
        for carried in projection.duties.values { try duties.write(carried.duty, seq: sequence[carried.event]) }
        return sequence
    }

    /// Of the newest record of each consignment, which is the one that is written.
    private static func rowSalts(_ events: [SaltedEvent]) -> [ConsignmentKey: Data] {
        var salts: [ConsignmentKey: Data] = [:]
        for event in events {
            if let key = event.event.record?.key, let salt = event.rowSalt { salts[key] = Data(salt) }
        }
        return salts
    }

    private mutating func append(_ event: SaltedEvent) throws -> Int64 {
        let leaf = event.leaf(at: frontier.size)
        try statements.leaf.execute(arguments: [
            leaf.seq, Data(leaf.bytes), event.consignment.map { Data($0) }, leaf.partner?.text, leaf.kind.rawValue,
        ])
        try statements.detail.execute(arguments: [leaf.seq, Data(event.salt), Data(event.detail)])
        for node in frontier.append(hasher.leaf(leaf.bytes), hasher) where node.level > 0 {
            try statements.node.execute(arguments: [node.level, node.index, node.hash.column])
        }
        return leaf.seq
    }
}

extension Attempt {
    fileprivate var columns: [(any DatabaseValueConvertible)?] {
        key.columns + [count, lastAt.milliseconds, nextAt.milliseconds, why]
    }
}

/// Compiled once a connection (GRDB's cache) and looked up once a batch.
struct Statements {
    let leaf, detail, node: GRDB.Statement
    let stage, insertRow, updateRow, updateState, updateIndexed, insertCase, deleteCase: GRDB.Statement

    init(_ db: Database) throws {
        func insert(_ table: String, _ columns: [String], or: String = "") throws -> GRDB.Statement {
            let places = columns.map { _ in "?" }.joined(separator: ", ")
            return try db.cachedStatement(
                sql: "INSERT \(or) INTO \(table)(\(columns.joined(separator: ", "))) VALUES (\(places))")
        }
        func update(_ columns: [String]) throws -> GRDB.Statement {
            let places = columns.map { "\($0) = ?" }.joined(separator: ", ")
            return try db.cachedStatement(sql: "UPDATE consignments SET \(places) WHERE row = ?")
        }
        let key = ["id", "direction", "partner"]
        leaf = try insert("leaves", ["seq", "leaf", "consignment", "partner", "kind"])
        detail = try insert("details", ["seq", "salt", "detail"])
        node = try insert("tree", ["level", "idx", "hash"])
        stage = try db.cachedStatement(
            sql: """
                SELECT row, state, stage, name, sha256, cases, supersedes, erasedAt IS NOT NULL FROM consignments
                WHERE \(ConsignmentKey.isKey)
                """)
        insertRow = try insert(
            "consignments",
            key + ["first", "state", "stage", "salt", "name", "sha256", "supersedes"] + ConsignmentRecord.plainNames)
        // A seal is of a row as it was erased; a record after that is told by its event again.
        updateRow = try update(["stage", "salt", "seal"] + ConsignmentRecord.plainNames)
        updateState = try update(["state", "stage"])
        updateIndexed = try update(["name", "sha256", "supersedes"])
        insertCase = try insert("cases", ["ref", "row"], or: "OR IGNORE")
        deleteCase = try db.cachedStatement(sql: "DELETE FROM cases WHERE ref = ? AND row = ?")
    }
}
