internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// Rows that somebody else signed, and small facts: read and written one at a time, rarely.
struct VouchedRows {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Returns the size if the newest head of that origin had the size `old` (0: there was none), else nothing.
    func keep(_ head: WitnessedHead, after old: Int64, _ sealed: SealedTables) throws -> [Int64] {
        let known = try Int64.fetchOne(
            db, sql: "SELECT size FROM witnessed WHERE origin = ?", arguments: [head.checkpoint.origin])
        guard known ?? 0 == old else { return [] }
        let columns: [(any DatabaseValueConvertible)?] = [
            head.checkpoint.origin, head.partner.text, head.checkpoint.size, head.checkpoint.root.column, head.note,
            head.at.milliseconds,
        ]
        try sealed.put(columns, in: .witnessed)
        return [head.checkpoint.size]
    }

    /// A partner that is exchanged with all day countersigns every second. What is older than a day is thinned to one an
    /// hour, the largest, when a new hour begins; all by the partner's clock.
    func keep(_ checkpoint: Countersigned, _ sealed: SealedTables) throws {
        let newest = try Int64.fetchOne(
            db, sql: "SELECT at FROM countersigned WHERE partner = ? ORDER BY size DESC LIMIT 1",
            arguments: [checkpoint.partner.text])
        try sealed.putIfNew(
            [checkpoint.partner.text, checkpoint.size, checkpoint.at.milliseconds, checkpoint.note], in: .countersigned)
        if let newest, newest / Self.hour != checkpoint.at.milliseconds / Self.hour { try thin(checkpoint, sealed) }
    }

    private static let hour: Int64 = 3_600_000

    private func thin(_ newest: Countersigned, _ sealed: SealedTables) throws {
        let old: StatementArguments = [newest.partner.text, newest.at.milliseconds - 24 * Self.hour]
        let sizes = try Int64.fetchAll(
            db,
            sql: """
                SELECT size FROM countersigned WHERE partner = ? AND at < ? AND size NOT IN (
                    SELECT max(size) FROM countersigned WHERE partner = ? AND at < ? GROUP BY at / \(Self.hour))
                """, arguments: old + old)
        for size in sizes { try sealed.remove([newest.partner.text, size], from: .countersigned) }
    }

    func keep(_ token: TimeToken, _ sealed: SealedTables) throws {
        try sealed.putIfNew([token.size, token.at.milliseconds, token.note, Data(token.token)], in: .timeTokens)
    }

    func remember(_ name: String, _ value: String?, _ sealed: SealedTables) throws {
        guard let value else { return try sealed.remove([name], from: .remembered) }
        try sealed.put([name, value], in: .remembered)
    }

    func witnessed() throws -> [WitnessedHead] {
        try Row.fetchAll(db, sql: "SELECT * FROM witnessed ORDER BY partner, at, origin").map(WitnessedHead.init)
    }

    func countersigned(_ wanted: Countersigned.Wanted) throws -> [Countersigned] {
        switch wanted {
        case .covering(let size, let partner, let limit): try countersigned(covering: size, by: partner, limit: limit)
        case .newest: try newestCountersigned()
        }
    }

    private func countersigned(covering size: Int64, by partner: AgencyID?, limit: Int) throws -> [Countersigned] {
        let condition = partner == nil ? "" : "AND partner = ?"
        var arguments: StatementArguments = [size]
        if let partner { arguments += [partner.text] }
        let sql = "SELECT * FROM countersigned WHERE size >= ? \(condition) ORDER BY size, partner LIMIT ?"
        return try Row.fetchAll(db, sql: sql, arguments: arguments + [limit]).map(Countersigned.init)
    }

    private func newestCountersigned() throws -> [Countersigned] {
        // SQLite gives the other columns of the row that has the maximum.
        let sql = "SELECT partner, max(size) AS size, at, note FROM countersigned GROUP BY partner ORDER BY partner"
        return try Row.fetchAll(db, sql: sql).map(Countersigned.init)
    }

    func timeTokens(_ wanted: TimeToken.Wanted) throws -> [TimeToken] {
        let (sql, arguments): (String, StatementArguments) =
            switch wanted {
            case .covering(let size, let limit): ("WHERE size >= ? ORDER BY size LIMIT ?", [size, limit])
            case .newest: ("ORDER BY size DESC LIMIT 1", [])
            }
        return try Row.fetchAll(db, sql: "SELECT * FROM timeTokens " + sql, arguments: arguments).map(TimeToken.init)
    }

    func remembered(named prefix: String) throws -> [String: String] {
        let prefix = TextColumn.stored(prefix)
        let sql = "SELECT name, value FROM remembered WHERE name >= ? AND name < ?"
        // U+10FFFF is no character and sorts after all that are.
        let rows = try Row.fetchAll(db, sql: sql, arguments: [prefix, prefix + "\u{10FFFF}"])
        return try rows.reduce(into: [:]) { $0[try $1.text("name")] = try $1.text("value") }
    }
}

extension WitnessedHead {
    init(_ row: Row) throws {
        guard let root = try row.digest("root") else { throw Malformed("witnessed checkpoint", "lacks its root") }
        self.init(
            partner: try AgencyID(row.value("partner")),
            checkpoint: Checkpoint(origin: try row.text("origin"), size: try row.value("size"), root: root),
            note: try row.text("note"), at: try row.time("at"))
    }
}

extension Countersigned {
    init(_ row: Row) throws {
        self.init(
            partner: try AgencyID(row.value("partner")), size: try row.value("size"), at: try row.time("at"),
            note: try row.text("note"))
    }
}

extension TimeToken {
    init(_ row: Row) throws {
        self.init(
            size: try row.value("size"), at: try row.time("at"), note: try row.text("note"),
            token: try row.bytes("token"))
    }
}
