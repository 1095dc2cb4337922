internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// The table of duties inside a transaction of the writing connection. Statements are looked up only when an append
/// carries a duty: almost none does.
struct DutyRows {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func duty(_ id: ConsignmentID) throws -> Duty? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM duties WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id.column]).map(Duty.init)
    }

    /// - Parameter seq: of the event that carries it.
    func write(_ duty: Duty, seq: Int64) throws {
        let columns = TextColumn.stored(duty.fixedColumns + duty.changingColumns + [seq])
        try db.cachedStatement(sql: Self.upsert).execute(arguments: StatementArguments(columns))
    }

    private static let upsert: String = {
        let changing = Duty.changingNames + ["seq"]
        let names = Duty.fixedNames + changing
        return """
            INSERT INTO duties(\(names.joined(separator: ", "))) VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
            ON CONFLICT (id) DO UPDATE SET \(changing.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            """
    }()
}

extension Duty {
    fileprivate static let fixedNames = ["id", "kind", "direction", "partner", "consignment", "subject", "openedAt"]
    fileprivate var fixedColumns: [(any DatabaseValueConvertible)?] {
        [
            id.column, kind.rawValue, consignment.direction.rawValue, consignment.partner.text, consignment.id.column,
            subject, openedAt.milliseconds,
        ]
    }

    fileprivate static let changingNames = [
        "state", "due", "dueLegal", "deferredUntil", "closedAt", "ground", "because", "byWhom", "facts",
    ]
    fileprivate var changingColumns: [(any DatabaseValueConvertible)?] {
        [
            state.rawValue, due.milliseconds, dueLegal?.milliseconds, deferredUntil?.milliseconds,
            closedAt?.milliseconds, ground, because, by, JSON.object(facts.mapValues(JSON.string)).text,
        ]
    }

    init(_ row: Row) throws {
        let key = ConsignmentKey(
            try row.word("direction"), try AgencyID(row.value("partner")),
            try ConsignmentID(bytes: row.bytes("consignment")))
        self.init(
            try row.word("kind"), id: try ConsignmentID(bytes: row.bytes("id")), about: key,
            subject: try row.textIfAny("subject"), openedAt: try row.time("openedAt"), due: try row.time("due"))
        state = try row.word("state")
        (dueLegal, deferredUntil) = (try row.instant("dueLegal"), try row.instant("deferredUntil"))
        closedAt = try row.instant("closedAt")
        (ground, because) = (try row.textIfAny("ground"), try row.textIfAny("because"))
        by = try row.textIfAny("byWhom")
        facts = try Duty.facts(JSON(kept: Array((row.value("facts") as String).utf8)))
    }
}
