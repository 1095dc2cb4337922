internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// A table that no event tells of. Every row carries a seal, and `seals` carries all of a table's seals in one.
enum SealedTable: String, CaseIterable {
    case staging, attempts, checkpoint, witnessed, countersigned, timeTokens, remembered, meta

    static let all = allCases
    var name: String { rawValue }

    /// The key first, as many as `keys`.
    var columns: [String] {
        switch self {
        case .staging: ["id", "direction", "partner", "waybill", "next", "at"]
        case .attempts: ["id", "direction", "partner", "count", "lastAt", "nextAt", "why"]
        case .checkpoint: ["one", "size", "note"]
        case .witnessed: ["origin", "partner", "size", "root", "note", "at"]
        case .countersigned: ["partner", "size", "at", "note"]
        case .timeTokens: ["size", "at", "note", "token"]
        case .remembered, .meta: ["name", "value"]
        }
    }

    var keys: ArraySlice<String> {
        switch self {
        case .staging, .attempts: columns[..<3]
        case .countersigned: columns[..<2]
        case .checkpoint, .witnessed, .timeTokens, .remembered, .meta: columns[..<1]
        }
    }

    var isKey: String { keys.map { "\($0) = ?" }.joined(separator: " AND ") }

    /// Made once: two of these run for every delivery.
    var deletion: String { Self.deletions[self] ?? "" }
    private static let deletions = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0, "DELETE FROM \($0.name) WHERE \($0.isKey) RETURNING seal") })
}

/// Writes sealed tables inside a transaction of the writing connection: every write of theirs goes through here.
///
/// A seal finds a row that was changed, the sum one that is gone or was added. They are no secret: somebody who knows
/// this file can make them anew. Against that stand the signatures in the rows, the tree and the partners.
struct SealedTables {
    typealias Columns = [(any DatabaseValueConvertible)?]
    static let size = 16
    private let db: Database
    private let hasher: MerkleHasher

    init(_ db: Database, _ hasher: MerkleHasher) { (self.db, self.hasher) = (db, hasher) }

    /// Writes a row, in place of one with the same key if there is one.
    func put(_ columns: Columns, in table: SealedTable) throws {
        let columns = TextColumn.stored(columns)
        let key = Array(columns.prefix(table.keys.count))
        let old = try taken(key, from: table)
        let new = Self.seal(table, columns.map { $0?.databaseValue ?? .null }, hasher)
        let names = (table.columns + ["seal"]).joined(separator: ", ")
        let places = Array(repeating: "?", count: columns.count + 1).joined(separator: ", ")
        let insert = try db.cachedStatement(sql: "INSERT INTO \(table.name)(\(names)) VALUES (\(places))")
        try insert.execute(arguments: StatementArguments(columns + [Data(new)]))
        try move(table, by: [old, new].compactMap { $0 }, rows: old == nil ? 1 : 0)
    }

    /// Leaves a row with the same key as it is.
    func putIfNew(_ columns: Columns, in table: SealedTable) throws {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM \(table.name) WHERE \(table.isKey)")
        let key = StatementArguments(TextColumn.stored(Array(columns.prefix(table.keys.count))))
        if try Row.fetchOne(statement, arguments: key) == nil { try put(columns, in: table) }
    }

    func remove(_ key: Columns, from table: SealedTable) throws {
        if let old = try taken(TextColumn.stored(key), from: table) { try move(table, by: [old], rows: -1) }
    }

    /// Deletes a row and returns its seal; nil if there was none of that key.
    private func taken(_ key: Columns, from table: SealedTable) throws -> [UInt8]? {
        let statement = try db.cachedStatement(sql: table.deletion)
        return try Row.fetchAll(statement, arguments: StatementArguments(key)).first.map { try $0.bytes("seal") }
    }

    private func move(_ table: SealedTable, by seals: [[UInt8]], rows: Int64) throws {
        let read = try db.cachedStatement(sql: "SELECT rows, seal FROM seals WHERE name = ?")
        guard let row = try Row.fetchOne(read, arguments: [table.name]) else {
            throw LedgerTrouble.broken("the seal of table \(table.name) is missing: run waybill ledger check")
        }
        let sum = seals.reduce(try row.bytes("seal"), Self.sum)
        let write = try db.cachedStatement(sql: "UPDATE seals SET rows = ?, seal = ? WHERE name = ?")
        try write.execute(arguments: [try row.value("rows") as Int64 + rows, Data(sum), table.name])
    }

    /// Seals the tables that a migration has just made or changed.
    func sealNew() throws {
        for name in try String.fetchAll(db, sql: "SELECT name FROM seals WHERE seal IS NULL OR rows IS NULL") {
            guard let table = SealedTable(rawValue: name) else { continue }
            try db.execute(
                sql: "UPDATE seals SET rows = 0, seal = zeroblob(\(Self.size)) WHERE name = ?", arguments: [name])
            let rows = try Row.fetchAll(db, sql: "SELECT \(table.columns.joined(separator: ", ")) FROM \(name)")
            try db.execute(sql: "DELETE FROM \(name)")
            // As they stand in their columns: a `DatabaseValue` is no `String`, so nothing is spelled anew.
            for row in rows { try put(Array(row.databaseValues), in: table) }
        }
    }
}

extension SealedTables {
    /// The first 16 bytes of SHA-256 over the table's name and its columns, each with its kind and length.
    static func seal(_ table: SealedTable, _ values: [DatabaseValue], _ hasher: MerkleHasher) -> [UInt8] {
        seal(table.name, values, hasher)
    }

    static func seal(_ name: String, _ values: [DatabaseValue], _ hasher: MerkleHasher) -> [UInt8] {
        var bytes = Array("waybill-seal/v1 \(name)\n".utf8)
        for value in values {
            let (kind, content): (String, [UInt8]) =
                switch value.storage {
                case .null: ("n", [])
                case .int64(let number): ("i", Array(String(number).utf8))
                case .double(let number): ("d", Array(String(number).utf8))
                case .string(let text): ("t", Array(text.utf8))
                case .blob(let data): ("b", [UInt8](data))
                }
            bytes += Array("\(kind)\(content.count):".utf8) + content
        }
        return Array(hasher.leaf(bytes).bytes.prefix(size))
    }

    /// The order of rows makes no difference.
    static func sum(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] { zip(one, other).map { $0 ^ $1 } }
}
