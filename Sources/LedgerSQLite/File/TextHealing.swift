internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// Makes rows whole that earlier versions cut: a text that holds U+0000 came into the events whole and into its row only up
/// to there, so that the two contradicted each other for ever.
///
/// Nothing is believed of a row: it is made whole only if it then is what its newest event says (`RowDigest`), and duties are
/// written as their events carry them. So no change of somebody else's is covered up. Runs once, in the migration.
struct TextHealing {
    /// U+001A has another meaning in columns from now on (`TextColumn`).
    static let respelling: String = {
        let tables = [
            ("consignments", ["name", "purpose", "agreement", "place", "inode", "why", "regime", "decidedBy"]),
            ("cases", ["ref"]), ("duties", ["subject", "ground", "because", "byWhom"]),
        ]
        return tables.flatMap { table, columns in columns.map { respelling($0, in: table) } }.joined()
    }()

    private static func respelling(_ column: String, in table: String) -> String {
        """
        UPDATE \(table) SET \(column) = replace(\(column), char(26), char(26) || '1') WHERE instr(\(column), char(26));

        """
    }

    private let db: Database
    private let crypto: any LedgerCrypto
    private let sealed: SealedTables

    init(_ db: Database, _ crypto: any LedgerCrypto) {
        (self.db, self.crypto) = (db, crypto)
        sealed = SealedTables(db, MerkleHasher(crypto))
    }

    func run() throws {
        try sealed.sealNew()
        var healed = HealedTexts()
        for key in try keys() {
            // One at a time: a partner may have sent very many, and long ones.
            let story = try story(key)
            var rows = 0
            for direction in Direction.allCases { rows += try heal(story, direction) ? 1 : 0 }
            healed.add(rows, of: story.partner)
            for event in story.events { healed.duties += try heal(event.detail, seq: event.seq) }
        }
        healed.attempts = try dropBrokenAttempts()
        try respellSealed()
        if healed.isAny { try VouchedRows(db).remember(HealedTexts.memory, healed.json.text, sealed) }
    }

    /// An event whose detail holds U+0000, in its facts or in the JSON that was signed.
    private struct Event {
        let seq: Int64
        let detail: EventDetail
    }

    /// All such events about one id and one partner.
    private struct Story {
        let id: Data
        let partner: String
        let events: [Event]
    }

    /// JSON has but one spelling of that character, and a signature carries its JSON in one piece.
    private static let isHit = #"instr(detail, CAST('\u0000' AS BLOB)) > 0"#

    private func keys() throws -> [(id: Data, partner: String)] {
        let sql = """
            SELECT DISTINCT consignment, partner FROM details JOIN leaves USING (seq)
            WHERE \(Self.isHit) AND consignment IS NOT NULL AND partner IS NOT NULL
            """
        return try Row.fetchAll(db, sql: sql).map { (try $0.value("consignment"), try $0.value("partner")) }
    }

    private func story(_ key: (id: Data, partner: String)) throws -> Story {
        let sql = """
            SELECT seq, detail FROM leaves INDEXED BY leaves_by_consignment JOIN details USING (seq)
            WHERE consignment = ? AND partner = ? AND \(Self.isHit) ORDER BY seq
            """
        let events = try Row.fetchAll(db, sql: sql, arguments: [key.id, key.partner]).compactMap { row -> Event? in
            guard let detail = try? EventDetail(parsing: row.bytes("detail")) else { return nil }
            return Event(seq: try row.value("seq"), detail: detail)
        }
        return Story(id: key.id, partner: key.partner, events: events)
    }
}

// Consignments.

extension TextHealing {
    /// Whether the row, or what finds it, was cut and is whole now.
    private func heal(_ story: Story, _ direction: Direction) throws -> Bool {
        let sql = "SELECT * FROM consignments WHERE id = ? AND direction = ? AND partner = ? AND erasedAt IS NULL"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [story.id, direction.rawValue, story.partner]),
            let record = try? ConsignmentRecord(row)
        else { return false }
        let number: Int64 = try row.value("row")
        let isFound = try healCases(of: record, row: number)
        guard let whole = try whole(record, story, salt: row.value("salt")) else { return isFound }
        let texts = TextColumn.stored([whole.purpose, whole.agreement, whole.decidedBy, whole.why])
        try db.execute(
            sql: "UPDATE consignments SET purpose = ?, agreement = ?, decidedBy = ?, why = ? WHERE row = ?",
            arguments: StatementArguments(texts + [number]))
        return true
    }

    /// As the newest event says that it is; nil if it is so already, or if nothing that was signed makes it so.
    private func whole(_ record: ConsignmentRecord, _ story: Story, salt: Data?) throws -> ConsignmentRecord? {
        guard let salt, let told = try told(story, record.key.direction) else { return nil }
        func isTold(_ record: ConsignmentRecord) -> Bool {
            RowDigest.of(record, salt: [UInt8](salt), crypto) == told
        }
        if isTold(record) { return nil }
        let texts = story.events.reduce(into: SignedTexts()) { $0.take($1.detail) }
        return texts.fillings(of: record).first(where: isTold)
    }

    /// What the newest event that brought a record says of it.
    private func told(_ story: Story, _ direction: Direction) throws -> String? {
        let sql = """
            SELECT detail FROM leaves INDEXED BY leaves_by_consignment JOIN details USING (seq)
            WHERE consignment = ? AND partner = ? ORDER BY seq DESC
            """
        let details = try Data.fetchCursor(db, sql: sql, arguments: [story.id, story.partner])
        while let detail = try details.next() {
            guard let facts = try? EventDetail(parsing: [UInt8](detail)).facts else { continue }
            if let told = RowDigest.told(by: facts, of: direction) { return told }
        }
        return nil
    }

    /// The list in the row is JSON, and was never cut.
    private func healCases(of record: ConsignmentRecord, row: Int64) throws -> Bool {
        let wanted = Set(record.cases.map { Array(TextColumn.stored($0).utf8) })
        let found = try String.fetchAll(db, sql: "SELECT ref FROM cases WHERE row = ?", arguments: [row])
        guard record.cases.contains(where: { $0.utf8.contains(0) }), Set(found.map { Array($0.utf8) }) != wanted else {
            return false
        }
        try db.execute(sql: "DELETE FROM cases WHERE row = ?", arguments: [row])
        for reference in record.cases {
            try db.execute(
                sql: "INSERT OR IGNORE INTO cases(ref, row) VALUES (?, ?)",
                arguments: [TextColumn.stored(reference), row])
        }
        return true
    }
}

// What is not consignments.

extension TextHealing {
    /// How many duties whose newest event is this one were cut.
    private func heal(_ detail: EventDetail, seq: Int64) throws -> Int {
        var healed = 0
        for duty in (try? detail.duties) ?? [] {
            let sql = "SELECT * FROM duties WHERE id = ? AND seq = ?"
            guard let row = try Row.fetchOne(db, sql: sql, arguments: [duty.id.column, seq]) else { continue }
            if (try? Duty(row).json.text.utf8.elementsEqual(duty.json.text.utf8)) == true { continue }
            try db.execute(sql: "DELETE FROM duties WHERE id = ?", arguments: [duty.id.column])
            try DutyRows(db).write(duty, seq: seq)
            healed += 1
        }
        return healed
    }

    /// Nothing else tells what an attempt said, and the next one says it anew.
    private func dropBrokenAttempts() throws -> Int {
        let broken = try rows(of: .attempts).filter { !$0.isWhole }
        for row in broken {
            try sealed.remove(Array(row.values.prefix(SealedTable.attempts.keys.count)), from: .attempts)
        }
        return broken.count
    }

    private func rows(
        of table: SealedTable, where condition: String = "TRUE"
    ) throws -> [(values: [DatabaseValue], isWhole: Bool)] {
        let sql = "SELECT \(table.columns.joined(separator: ", ")), seal FROM \(table.name) WHERE \(condition)"
        return try Row.fetchAll(db, sql: sql).map { row in
            let values = Array(row.databaseValues.dropLast())
            return (values, try row.bytes("seal") == SealedTables.seal(table, values, MerkleHasher(crypto)))
        }
    }

    /// What was changed unseen is left to the check.
    private func respellSealed() throws {
        let places = [(SealedTable.attempts, "instr(why, char(26))"), (.remembered, "instr(name || value, char(26))")]
        for (table, condition) in places {
            for row in try rows(of: table, where: condition) where row.isWhole {
                // The key as it stands, which is spelled in another way from now on.
                try sealed.remove(Array(row.values.prefix(table.keys.count)), from: table)
                try sealed.put(row.values.map(Self.asText), in: table)
            }
        }
    }

    /// A text as a text, so that it is spelled anew.
    private static func asText(_ value: DatabaseValue) -> (any DatabaseValueConvertible)? {
        if case .string(let text) = value.storage { text } else { value }
    }
}
