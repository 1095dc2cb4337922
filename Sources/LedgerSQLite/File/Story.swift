internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// What the leaves tell about one id and one partner, both directions together, with its rows of the same moment.
struct Story: Sendable {
    struct Event: Sendable {
        let seq: Int64
        let kind: String
        let hasDetail: Bool
    }

    /// A row, and what the newest event that brought its record says of it.
    struct Outcome: Sendable {
        let direction: Direction
        let state: String
        let stage: String
        let first: Int64
        let salt: [UInt8]?
        let erasedAt: Int64?
        let record: Result<ConsignmentRecord, Malformed>
        /// From the event, and which.
        let told: (seq: Int64, digest: String)?
        /// The kept seal and the right one.
        let seals: (kept: [UInt8]?, right: [UInt8])
    }

    let id: [UInt8]
    let partner: String
    var events: [Event] = []
    var rows: [Outcome] = []
    /// Rows that cannot even be told apart.
    var unreadable: [Malformed] = []
    /// When the first event of each direction happened.
    var began: [Direction: Instant] = [:]

    /// Those among these whose last event is one of this range: each story comes up once in a walk over all leaves.
    static func read(_ db: Database, of page: LeafPage, _ hasher: MerkleHasher) throws -> [Story] {
        var keys: Set<[String]> = []
        var stories: [Story] = []
        for entry in page.entries.values.sorted(by: { $0.seq < $1.seq }) {
            guard let id = entry.consignment, let partner = entry.partner,
                keys.insert([Hex.encode(id), partner]).inserted
            else { continue }
            var story = Story(id: id, partner: partner)
            story.events = try events(db, id, partner)
            guard let last = story.events.last, page.range.contains(last.seq) else { continue }
            try story.readRows(db, hasher)
            stories.append(story)
        }
        return stories
    }

    private static func events(_ db: Database, _ id: [UInt8], _ partner: String) throws -> [Event] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT seq, kind, EXISTS (SELECT 1 FROM details WHERE details.seq = leaves.seq) AS hasDetail
                FROM leaves INDEXED BY leaves_by_consignment WHERE consignment = ? AND partner = ? ORDER BY seq
                """)
        return try Row.fetchAll(statement, arguments: [Data(id), partner]).map {
            Event(seq: try $0.value("seq"), kind: try $0.value("kind"), hasDetail: try $0.value("hasDetail"))
        }
    }

    private mutating func readRows(_ db: Database, _ hasher: MerkleHasher) throws {
        for direction in Direction.allCases {
            let first = events.first { EventKind(rawValue: $0.kind)?.direction == direction }
            began[direction] = try first.flatMap { try Self.leaf(db, $0.seq)?.at }
        }
        let statement = try db.cachedStatement(sql: "SELECT * FROM consignments WHERE id = ? AND partner = ?")
        for row in try Row.fetchAll(statement, arguments: [Data(id), partner]) {
            do { rows.append(try outcome(row, db, hasher)) } catch let wrong as Malformed { unreadable.append(wrong) }
        }
    }

    private func outcome(_ row: Row, _ db: Database, _ hasher: MerkleHasher) throws -> Outcome {
        let direction: Direction = try row.word("direction")
        var record: Result<ConsignmentRecord, Malformed>
        do { record = .success(try ConsignmentRecord(row)) } catch let wrong as Malformed { record = .failure(wrong) }
        return Outcome(
            direction: direction, state: try row.value("state"), stage: try row.value("stage"),
            first: try row.value("first"), salt: (try row.value("salt") as Data?).map([UInt8].init),
            erasedAt: try row.value("erasedAt"), record: record, told: try told(direction, db),
            seals: (
                kept: (try row.value("seal") as Data?).map([UInt8].init), right: ErasedRow.seal(row, hasher)
            ))
    }

    /// What the newest event that brought a record of this direction says; nil if a later one has lost its detail, which
    /// may have brought one too.
    private func told(_ direction: Direction, _ db: Database) throws -> (seq: Int64, digest: String)? {
        let statement = try db.cachedStatement(sql: "SELECT detail FROM details WHERE seq = ?")
        for event in events.reversed().prefix(while: \.hasDetail) {
            // A detail that cannot be read has been reported with its leaf.
            guard let detail = try Data.fetchOne(statement, arguments: [event.seq]),
                let facts = try? EventDetail(parsing: [UInt8](detail)).facts,
                let digest = RowDigest.told(by: facts, of: direction)
            else { continue }
            return (event.seq, digest)
        }
        return nil
    }

    private static func leaf(_ db: Database, _ seq: Int64) throws -> Leaf? {
        let statement = try db.cachedStatement(sql: "SELECT leaf FROM leaves WHERE seq = ?")
        return try Data.fetchOne(statement, arguments: [seq]).flatMap { try? Leaf(parsing: [UInt8]($0)) }
    }
}

/// The seal of a row whose details were erased: what is left of it never changes, state and stage aside, which its events
/// tell.
enum ErasedRow {
    static func seal(_ row: Row, _ hasher: MerkleHasher) -> [UInt8] {
        SealedTables.seal(
            "consignments", row.filter { !["seal", "state", "stage"].contains($0.0) }.map(\.1), hasher)
    }

    /// To be called, in the same transaction, after the last change to a row that is being erased.
    static func seal(_ number: Int64, _ db: Database, _ hasher: MerkleHasher) throws {
        try db.execute(sql: "UPDATE consignments SET salt = NULL WHERE row = ?", arguments: [number])
        let sql = "SELECT * FROM consignments WHERE row = ?"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [number]) else { return }
        try db.execute(
            sql: "UPDATE consignments SET seal = ? WHERE row = ?", arguments: [Data(seal(row, hasher)), number])
    }
}
