internal import FoundationEssentials
internal import GRDB
package import Ledger
package import Vocabulary

/// Finds what somebody wishes to be erased, in short reads, beside a running daemon or without one.
package struct ErasureSearch: Sendable {
    package enum Wanted: Sendable {
        /// Everything about one person, by the pseudonymous reference that labels carry.
        case subject(String)
        /// Everything to which nothing has happened since this moment.
        case before(Instant)
        case consignment(ConsignmentID)
    }

    private static let page: Int64 = 2000
    private let reads: LedgerReads

    package init(_ ledger: some LedgerReading) { reads = ledger.reads }

    /// Nil if the ledger has no such consignment.
    package func candidate(_ key: ConsignmentKey) async throws -> ErasureCandidate? {
        try await reads.run { try ErasureRows($0).find(key)?.candidate }
    }

    /// Each once, some at a time; not those that are erased already.
    package func each(_ wanted: Wanted, _ body: ([ErasureCandidate]) async throws -> Void) async throws {
        switch wanted {
        case .before(let moment): try await each(before: moment, body)
        case .consignment(let id): try await tell(keys("id = ?", id.column), body)
        case .subject(let reference): try await tell(keys(of: reference), body)
        }
    }

    private func tell(
        _ keys: [ConsignmentKey], _ body: ([ErasureCandidate]) async throws -> Void
    ) async throws {
        var left = keys[...]
        while !left.isEmpty {
            let some = left.prefix(Erasure.mostConsignments)
            left = left.dropFirst(some.count)
            let found = try await reads.run { db in try some.compactMap { try ErasureRows(db).find($0)?.candidate } }
            try await body(found.filter { $0.record.erasedAt == nil })
        }
    }

    private func keys(_ condition: String, _ value: some DatabaseValueConvertible & Sendable) async throws
        -> [ConsignmentKey]
    {
        try await reads.run { db in
            let sql = "SELECT direction, partner, id FROM consignments WHERE \(condition) ORDER BY first"
            return try Row.fetchAll(db, sql: sql, arguments: [value]).map(ConsignmentKey.init)
        }
    }
}

extension ErasureSearch {
    private func each(before moment: Instant, _ body: ([ErasureCandidate]) async throws -> Void) async throws {
        for direction in Direction.allCases {
            var last: (first: Int64, row: Int64) = (Int64.min, 0)
            while true {
                let page = try await page(direction, before: moment, after: last)
                guard let end = page.last else { break }
                last = (end.first, end.row)
                let keys = page.filter { !$0.isErased }.map(\.key)
                let found = try await reads.run { db in
                    try keys.compactMap { try ErasureRows(db).find($0)?.candidate }
                }
                let old = found.filter { $0.lastAt < moment }
                if !old.isEmpty { try await body(old) }
            }
        }
    }

    /// By first sight: to what came later something has happened later.
    private func page(
        _ direction: Direction, before moment: Instant, after last: (first: Int64, row: Int64)
    ) async throws -> [Place] {
        let sql = """
            SELECT direction, partner, id, first, row, erasedAt IS NOT NULL AS isErased
            FROM consignments INDEXED BY consignments_by_time
            WHERE direction = ? AND first < ? AND (first, row) > (?, ?) ORDER BY first, row LIMIT ?
            """
        return try await reads.run { db in
            try Row.fetchAll(
                db, sql: sql,
                arguments: [
                    direction.rawValue, moment.milliseconds, last.first, last.row, Erasure.mostConsignments,
                ]
            ).map { row in
                Place(key: try ConsignmentKey(row), first: row["first"], row: row["row"], isErased: row["isErased"])
            }
        }
    }

    private struct Place: Sendable {
        let key: ConsignmentKey
        let first: Int64
        let row: Int64
        let isErased: Bool
    }

    /// By the labels' references, by the duties owed to that person, and by whatever detail holds the reference: an
    /// earlier label of a held file may have named somebody whom the last one does not.
    private func keys(of reference: String) async throws -> [ConsignmentKey] {
        let labelled = try await keys("row IN (SELECT row FROM cases WHERE ref = ?)", TextColumn.stored(reference))
        let owed = try await reads.run { db in
            let sql = "SELECT direction, partner, consignment AS id FROM duties WHERE subject = ?"
            return try Row.fetchAll(db, sql: sql, arguments: [TextColumn.stored(reference)]).map(ConsignmentKey.init)
        }
        var (known, keys): (Set<ConsignmentKey>, [ConsignmentKey]) = ([], [])
        for key in labelled + owed + (try await mentioned(reference)) where known.insert(key).inserted {
            keys.append(key)
        }
        return keys
    }

    /// Reads every detail that is stored, in pages.
    private func mentioned(_ reference: String) async throws -> [ConsignmentKey] {
        let wanted = Data(JSON.string(reference).encoded)
        let end = try await reads.run { try StoredTree($0, reads.hasher).size() }
        var keys: [ConsignmentKey] = []
        for from in stride(from: 0, to: end, by: Int64.Stride(Self.page)) {
            keys += try await reads.run { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT DISTINCT c.direction, c.partner, c.id FROM details d JOIN leaves l USING (seq)
                        JOIN consignments c ON c.id = l.consignment AND c.partner = l.partner
                        WHERE d.seq >= ? AND d.seq < ? AND instr(d.detail, ?) > 0
                        """, arguments: [from, from + Self.page, wanted]
                ).map(ConsignmentKey.init)
            }
        }
        return keys
    }
}
