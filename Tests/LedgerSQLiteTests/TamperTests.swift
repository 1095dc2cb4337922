import Foundation
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// Somebody deletes or changes one row of one table, and puts the triggers back; the check names the place. Here one row of
/// every table; `WAYBILL_TAMPER=all` takes every single one.
@Suite struct TamperTests {
    private static let isWhole = ProcessInfo.processInfo.environment["WAYBILL_TAMPER"] == "all"

    /// One thing done to one row.
    private struct Deed: Sendable, CustomStringConvertible {
        let table: String
        /// Column and value as SQL literals.
        let key: [(String, String)]
        /// Nil: the row is deleted.
        let change: String?
        let places: [String]

        var condition: String { key.map { "\($0) IS \($1)" }.joined(separator: " AND ") }
        var sql: String {
            change.map { "UPDATE \(table) SET \($0) WHERE \(condition)" } ?? "DELETE FROM \(table) WHERE \(condition)"
        }
        var description: String { sql }
    }

    @Test(
        "every row of every table: deleted or changed in any column, it is found where it is", .timeLimit(.minutes(30)))
    func everyRow() async throws {
        let full = try await FullLedger()
        #expect(try await full.findings(full.copy("clean.sqlite", sums: true)) == [])
        let deeds = try deeds(full.copy("read.sqlite", sums: false))
        #expect(Set(deeds.map(\.table)).count == 17)
        for deed in deeds {
            let path = try full.copy("tampered.sqlite", sums: false)
            try Self.tamper(path, deed.sql)
            let found = try await full.findings(path).map(\.place)
            #expect(found.contains { place in deed.places.contains { place.contains($0) } }, "\(deed): \(found)")
        }
        if Self.isWhole { print("\(deeds.count) rows and columns, each found") }
    }

    /// The triggers are gone while it is done and stand again afterwards.
    private static func tamper(_ path: String, _ sql: String) throws {
        var configuration = Configuration()
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            let triggers = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger["name"] as String)") }
            try db.execute(sql: sql)
            #expect(db.changesCount == 1, "\(sql)")
            for trigger in triggers { try db.execute(sql: trigger["sql"]) }
        }
        try queue.close()
    }

    private func deeds(_ path: String) throws -> [Deed] {
        let queue = try DatabaseQueue(path: path)
        return try queue.read { db in
            let tables = try String.fetchAll(
                db,
                sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
            return try tables.flatMap { try deeds(db, $0) }
        }
    }

    private func deeds(_ db: Database, _ table: String) throws -> [Deed] {
        let columns = try Row.fetchAll(db, sql: "SELECT name, type, pk FROM pragma_table_info('\(table)')").map {
            (name: $0["name"] as String, type: $0["type"] as String, isKey: ($0["pk"] as Int) > 0)
        }
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM \(table)")
        #expect(!rows.isEmpty, "nothing stands in \(table)")
        let chosen = Self.isWhole ? rows : [rows[rows.count / 2]]
        return try chosen.flatMap { row in
            let key = try columns.filter(\.isKey).map {
                (
                    $0.name,
                    try String.fetchOne(db, sql: "SELECT quote(?)", arguments: [row[$0.name] as DatabaseValue]) ?? ""
                )
            }
            let places = places(table, row)
            let changes = columns.map { Deed(table: table, key: key, change: Self.change($0, row), places: places) }
            return changes + [Deed(table: table, key: key, change: nil, places: places)]
        }
    }

    private static func change(_ column: (name: String, type: String, isKey: Bool), _ row: Row) -> String {
        let (name, isNull) = (column.name, (row[column.name] as DatabaseValue).isNull)
        return switch column.type {
        case "INTEGER": "\(name) = " + (isNull ? "1" : "\(name) + \(column.isKey ? 1_000_000 : 1)")
        case "BLOB": "\(name) = " + (isNull ? "x'00'" : "CAST(substr(\(name), 2) || x'5a' AS BLOB)")
        default: "\(name) = coalesce(\(name), '') || 'x'"
        }
    }

    /// Where the finding may stand.
    private func places(_ table: String, _ row: Row) -> [String] {
        func text(_ column: String) -> String { "\(row[column] ?? "")" }
        func id(_ column: String = "id") -> String {
            (try? ConsignmentID(bytes: [UInt8](row[column] as Data)))?.text ?? "?"
        }
        return switch table {
        case "leaves": ["leaf \(text("seq"))", "detail \(text("seq"))"]
        case "details": ["leaf \(text("seq"))", "detail \((row["seq"] as Int) + 1_000_000)"]
        case "tree": ["node \(text("idx")) of level \(text("level"))"]
        case "consignments": ["consignment \(id())"]
        case "cases": ["cases, row \(text("row"))", "consignment "]
        case "duties": ["duty \(id())"]
        case "counts": ["counts \(text("direction")) \(text("state"))"]
        case "seals": ["table \(text("name"))"]
        case "grdb_migrations": ["grdb_migrations \(text("identifier"))", "file"]
        case "meta": ["meta", "file"]
        default: [table]
        }
    }

    @Test("a table, an index or a trigger that is gone, changed or invented is found by its name")
    func schema() async throws {
        let full = try await FullLedger(deliveries: 2)
        let queue = try DatabaseQueue(path: full.copy("read.sqlite", sums: false))
        let objects = try await queue.read { db in
            try Row.fetchAll(db, sql: "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL").map {
                (type: $0["type"] as String, name: $0["name"] as String)
            }
        }
        for object in objects {
            let path = try full.copy("tampered.sqlite", sums: false)
            try full.fixture.tamper("DROP \(object.type) \(object.name)", path)
            let found = try await full.findings(path).map(\.place)
            // Without GRDB's own table the ledger counts as one of an older version.
            let places =
                ["\(object.type) \(object.name)", "table \(object.name)"] + (object.type == "table" ? ["file"] : [])
            #expect(found.contains { places.contains($0) }, "\(object): \(found)")
        }
        for sql in ["CREATE TABLE strange(x)", "CREATE INDEX strange ON leaves(kind)"] {
            let path = try full.copy("tampered.sqlite", sums: false)
            try full.fixture.tamper(sql, path)
            #expect(try await full.findings(path).map(\.place).contains { $0.hasSuffix(" strange") })
        }
    }

    @Test("rows that change places are found: events, consignments, cases, countersignatures")
    func swapped() async throws {
        let full = try await FullLedger(deliveries: 4)
        let swaps = [
            ("leaves", "seq", "leaf 3"), ("details", "seq", "leaf 3"), ("consignments", "row", "consignment "),
        ]
        for (table, column, place) in swaps {
            let path = try full.copy("tampered.sqlite", sums: false)
            try Self.tamperAll(
                path,
                [
                    "UPDATE \(table) SET \(column) = -1 WHERE \(column) = 3",
                    "UPDATE \(table) SET \(column) = 3 WHERE \(column) = 4",
                    "UPDATE \(table) SET \(column) = 4 WHERE \(column) = -1",
                ])
            let found = try await full.findings(path).map(\.place)
            #expect(found.contains { $0.hasPrefix(place) }, "\(table): \(found)")
        }
    }

    private static func tamperAll(_ path: String, _ sql: [String]) throws {
        for sql in sql { try tamper(path, sql) }
    }
}
