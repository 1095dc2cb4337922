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
    }

    /// Nil if it has no row.
    func find(_ key: ConsignmentKey) throws -> Found? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM consignments WHERE \(ConsignmentKey.isKey)")
        guard let row = try Row.fetchOne(statement, arguments: StatementArguments(key.columns)) else { return nil }
        let record = try ConsignmentRecord(row)
        let stored = try stored(key)
        let lastAt = try stored.last.map { try Leaf(parsing: $0.leaf).at } ?? record.claimedAt
        return Found(
            row: row["row"],
            candidate: ErasureCandidate(
                record: record, lastAt: lastAt ?? Instant(milliseconds: row["first"]), details: stored.count,
                open: try open(key)),
            leaves: stored.map(\.seq))
    }

    private struct Stored {
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
