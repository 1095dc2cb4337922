internal import GRDB

/// Whether tables, indexes and triggers stand as the migrations made them, and nothing else does.
enum SchemaCheck {
    struct Object: Sendable, Hashable {
        let type: String
        let table: String
        let sql: String?
    }

    static func problems(_ db: Database) throws -> [LedgerProblem] {
        let (wanted, found) = (try wanted.get(), try objects(db))
        var problems: [LedgerProblem] = []
        for (name, object) in wanted.sorted(by: { $0.key < $1.key }) where found[name] != object {
            let rule = object.type == "trigger" ? ": the append-only rule was lifted" : ""
            problems.append(LedgerProblem("\(object.type) \(name)", "is missing or changed\(rule)"))
        }
        for (name, object) in found.sorted(by: { $0.key < $1.key }) where wanted[name] == nil {
            problems.append(LedgerProblem("\(object.type) \(name)", "is not of Waybill's making"))
        }
        return try found["grdb_migrations"] == nil ? problems : problems + migrations(db)
    }

    /// As the migrations make it in an empty database.
    private static let wanted = Result {
        let reference = try DatabaseQueue()
        try Migration.migrator(Schema.migrations, nil).migrate(reference)
        return try reference.read(objects)
    }

    private static func objects(_ db: Database) throws -> [String: Object] {
        let rows = try Row.fetchAll(db, sql: "SELECT name, type, tbl_name, sql FROM sqlite_schema")
        return try rows.reduce(into: [:]) {
            $0[try $1.value("name")] = Object(
                type: try $1.value("type"), table: try $1.value("tbl_name"), sql: try $1.value("sql"))
        }
    }

    /// GRDB's own note of what has been done.
    private static func migrations(_ db: Database) throws -> [LedgerProblem] {
        let done = Set(try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations"))
        let wanted = Set(Schema.migrations.map { String($0.number) })
        return done.symmetricDifference(wanted).sorted().map {
            LedgerProblem("grdb_migrations \($0)", "is missing, or none of ours")
        }
    }
}
