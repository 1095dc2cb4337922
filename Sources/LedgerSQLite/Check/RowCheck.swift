internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// Looks at the rows of consignments from their own side: each has events, came in the order of its first one, and is
/// found by its cases; and they are counted right.
struct RowCheck {
    private static let pageSize: Int64 = 2000
    let reads: LedgerReads

    private struct Entry: Sendable {
        let row: Int64
        let id: [UInt8]
        /// Its first event; nil if it has none.
        let began: Int64?
        /// Written since rows are told by events.
        let isTold: Bool
        let hasAllCases: Bool
    }

    /// From the row after this one; returns the last.
    func checkRows(after start: Int64, _ report: inout LedgerReport) async throws -> Int64 {
        var (last, began): (Int64, Int64) = (start, -1)
        while true {
            let page = try await reads.run { [last] in try Self.page($0, after: last) }
            for entry in page {
                let place = "consignment \(HistoryCheck.name(entry.id))"
                if entry.began == nil { report.add(place, "has a row but no events") }
                if entry.row != last + 1 { report.add("row \(last + 1) of consignments", "is missing") }
                if entry.isTold, let first = entry.began, first < began {
                    report.add(place, "its row stands at another place than its events")
                }
                if !entry.hasAllCases { report.add(place, "is not found by each of its cases") }
                (last, began) = (entry.row, entry.began ?? began)
            }
            guard page.count == Self.pageSize else { return last }
            try Task.checkCancellation()
        }
    }

    private static func page(_ db: Database, after last: Int64) throws -> [Entry] {
        let sql = """
            SELECT row, id, cases, salt, (
                SELECT min(seq) FROM leaves INDEXED BY leaves_by_consignment
                WHERE consignment = c.id AND partner = c.partner AND kind IN (
                    SELECT value FROM json_each(CASE c.direction WHEN 'sent' THEN ? ELSE ? END))
            ) AS began FROM consignments c WHERE row > ? ORDER BY row LIMIT ?
            """
        let kinds = Direction.allCases.map { direction in
            TextList.text(EventKind.allCases.filter { $0.direction == direction }.map(\.rawValue))
        }
        let rows = try Row.fetchAll(db, sql: sql, arguments: [kinds[0], kinds[1], last, pageSize])
        let entries = try rows.map { row in
            let number: Int64 = try row.value("row")
            return Entry(
                row: number, id: try row.bytes("id"), began: try row.value("began"),
                isTold: try row.value("salt") as Data? != nil,
                hasAllCases: try hasAll((try? row.list("cases")) ?? [], number, db))
        }
        // A damaged file may give them in any order; a walk that does not move on would never end.
        guard zip(entries, entries.dropFirst()).allSatisfy({ $0.row < $1.row }) else {
            throw LedgerTrouble.broken("the rows of consignments are not in order")
        }
        return entries
    }

    private static func hasAll(_ cases: [String], _ row: Int64, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM cases WHERE ref = ? AND row = ?")
        return try cases.allSatisfy { try Row.fetchOne(statement, arguments: [TextColumn.stored($0), row]) != nil }
    }

    /// Every entry of the cases stands in its row.
    func checkCases(_ report: inout LedgerReport) async throws {
        var last = (reference: "", row: Int64.min)
        while true {
            let page = try await reads.run { [last] in try Self.cases($0, after: last) }
            for entry in page where !entry.isTold {
                report.add("cases, row \(entry.row)", "its row names no such case")
            }
            guard page.count == Self.pageSize, let end = page.last else { return }
            guard
                (last.reference.unicodeScalars.map(\.value), last.row) != (
                    end.reference.unicodeScalars.map(\.value), end.row
                )
            else { throw LedgerTrouble.broken("the cases are not in order") }
            last = (end.reference, end.row)
            try Task.checkCancellation()
        }
    }

    private static func cases(
        _ db: Database, after last: (reference: String, row: Int64)
    ) throws -> [(reference: String, row: Int64, isTold: Bool)] {
        let sql = """
            SELECT ref, cases.row AS row, consignments.cases AS told
            FROM cases LEFT JOIN consignments ON consignments.row = cases.row
            WHERE (ref, cases.row) > (?, ?) ORDER BY ref, cases.row LIMIT ?
            """
        let last = (reference: TextColumn.stored(last.reference), row: last.row)
        return try Row.fetchAll(db, sql: sql, arguments: [last.reference, last.row, pageSize]).map { row in
            let reference = try row.text("ref")
            let told = (try? row.list("told")) ?? []
            return (reference, try row.value("row"), told.contains { $0.utf8.elementsEqual(reference.utf8) })
        }
    }

    /// Both in one moment; the scan has no deadline.
    func checkCounts(_ report: inout LedgerReport) async throws {
        let wrong = try await reads.scan { db in
            let sql = """
                SELECT direction, state, count FROM counts EXCEPT
                SELECT direction, state, count(*) FROM consignments GROUP BY direction, state
                """
            let other = """
                SELECT direction, state, count(*) FROM consignments GROUP BY direction, state EXCEPT
                SELECT direction, state, count FROM counts
                """
            return try (Row.fetchAll(db, sql: sql) + Row.fetchAll(db, sql: other)).map {
                "counts \(try $0.decode(String.self, atIndex: 0)) \(try $0.decode(String.self, atIndex: 1))"
            }
        }
        for place in Set(wrong).sorted() { report.add(place, "is not how many rows are in that state") }
    }
}
