internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// Looks at one consignment as somebody who would erase it.
struct ErasureRows {
    private let db: Database

    init(_ db: Database) { self.db = db }

    struct Found: Sendable {
        let row: Int64
        let candidate: ErasureCandidate
        /// Of the details about it that are stored.
        let leaves: [Int64]
        fileprivate let stored: [Stored]

        /// Of those in which this reference stands.
        func leaves(naming reference: String) -> [Int64] {
            stored.filter { ErasureRows.names($0.detail, reference) }.map(\.seq)
        }
    }

    /// Whether a text of JSON in these bytes is this one; a label that stands in a text itself has its quotes escaped.
    static func names(_ bytes: [UInt8], _ reference: String) -> Bool {
        let text = JSON.string(reference).text
        let escaped = text.replacing("\"", with: "\\\"")
        return [text, escaped].contains { bytes.firstRange(of: Array($0.utf8)) != nil }
    }

    /// Nil if it has no row.
    func find(_ key: ConsignmentKey) throws -> Found? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM consignments WHERE \(ConsignmentKey.isKey)")
        guard let row = try Row.fetchOne(statement, arguments: StatementArguments(key.columns)) else { return nil }
        let record = try ConsignmentRecord(row)
        let stored = try stored(key)
        let lastAt = try stored.last.map { try Leaf(parsing: $0.leaf).at } ?? record.claimedAt
        var candidate = ErasureCandidate(
            record: record, lastAt: lastAt ?? Instant(milliseconds: row["first"]), details: stored.count,
            open: try open(key))
        let owed = try subjects(key)
        candidate.owedTo = Set(owed.filter(\.isOpen).map(\.subject))
        var told = Told()
        for detail in stored { told.read(detail.detail) }
        candidate.persons = Set(record.cases + owed.map(\.subject) + told.persons).sorted()
        candidate.reviewBy = told.reviewBy
        return Found(row: row["row"], candidate: candidate, leaves: stored.map(\.seq), stored: stored)
    }

    /// Whom the facts of events name, wherever in them a label or a duty stands.
    private struct Told {
        var persons: Set<String> = []
        var reviewBy: CalendarDate?

        mutating func read(_ detail: [UInt8]) {
            if let facts = try? EventDetail(parsing: detail).facts { read(facts) }
        }

        private mutating func read(_ json: JSON) {
            switch json {
            case .array(let items): for item in items { read(item) }
            case .object(let members):
                for (name, value) in members {
                    switch (name, value) {
                    case ("ref", .string(let text)), ("subject", .string(let text)): persons.insert(text)
                    case ("reviewBy", .string(let text)):
                        if let day = try? CalendarDate(text) { reviewBy = max(day, reviewBy ?? day) }
                    default: read(value)
                    }
                }
            default: break
            }
        }
    }

    private func subjects(_ key: ConsignmentKey) throws -> [(subject: String, isOpen: Bool)] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT subject, state <> 'closed' AS isOpen FROM duties INDEXED BY duties_by_consignment
                WHERE consignment = ? AND direction = ? AND partner = ? AND subject IS NOT NULL
                """)
        return try Row.fetchAll(statement, arguments: StatementArguments(key.columns)).map {
            (try $0.value("subject"), try $0.value("isOpen"))
        }
    }

    fileprivate struct Stored: Sendable {
        let seq: Int64
        let leaf: [UInt8]
        let kind: EventKind?
        let detail: [UInt8]
    }

    /// Everything about it whose detail stands, oldest first.
    private func stored(_ key: ConsignmentKey) throws -> [Stored] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT seq, leaf, kind, detail FROM leaves INDEXED BY leaves_by_consignment JOIN details USING (seq)
                WHERE consignment = ? AND partner = ? ORDER BY seq
                """)
        return try Row.fetchAll(statement, arguments: [key.id.column, key.partner.text]).map { row in
            Stored(
                seq: row["seq"], leaf: [UInt8](row["leaf"] as Data), kind: EventKind(rawValue: row["kind"]),
                detail: [UInt8](row["detail"] as Data))
        }.filter { Self.isAbout($0, key.direction) }
    }

    /// Both ends may use one id for two consignments; what has no direction by its kind says it in its detail.
    private static func isAbout(_ stored: Stored, _ direction: Direction) -> Bool {
        if let known = stored.kind?.direction { return known == direction }
        guard let detail = try? EventDetail(parsing: stored.detail), case .object(let facts) = detail.facts else {
            return true
        }
        if case .string(let said)? = facts["direction"] { return said == direction.rawValue }
        guard let duty = (try? detail.duties)?.first else { return true }
        return duty.consignment.direction == direction
    }

    private func open(_ key: ConsignmentKey) throws -> [Duty.Kind] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT DISTINCT kind FROM duties INDEXED BY duties_by_consignment
                WHERE consignment = ? AND direction = ? AND partner = ? AND state <> 'closed' ORDER BY kind
                """)
        return try String.fetchAll(statement, arguments: StatementArguments(key.columns)).compactMap(Duty.Kind.init)
    }
}
