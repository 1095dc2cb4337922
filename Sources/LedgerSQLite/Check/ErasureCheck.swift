internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// Whether exactly those details are gone that events of kind `erased` name, and the rows are blank with them.
///
/// Runs last and reads the events then, so that what was erased while the leaves were walked is known.
struct ErasureCheck {
    private static let page = 2000
    private static let range: Int64 = 20_000
    let reads: LedgerReads

    /// - Parameter missing: the leaves that the walk found without detail.
    func run(_ missing: LeafRanges, _ report: inout LedgerReport) async throws {
        let erased = try await events(&report)
        for gone in missing.subtracting(erased) {
            let place = gone.count == 1 ? "leaf \(gone.lowerBound)" : "leaves \(gone.lowerBound) to \(gone.upperBound)"
            report.add(place, "the detail is missing, and no event says that it was erased")
        }
        for range in erased.ranges { try await checkGone(range, &report) }
        try await checkRows(&report)
    }

    /// What the events name.
    private func events(_ report: inout LedgerReport) async throws -> LeafRanges {
        var named: [LeafRanges] = []
        for event in try await reads.agencyEvents([.erased], of: nil) {
            // One without its detail names nothing, and is found among the missing itself.
            guard let detail = event.detail else { continue }
            do {
                let leaves = try EventDetail(parsing: detail).erasedLeaves
                if let last = leaves.last, last >= event.seq {
                    report.add("leaf \(event.seq)", "says that leaf \(last) was erased, which came later")
                }
                named.append(leaves)
            } catch {
                report.add("leaf \(event.seq)", "does not say which details were erased: \(error.why)")
            }
        }
        return LeafRanges(joining: named)
    }

    /// No detail stands there any more, and the rows of these leaves say so too.
    private func checkGone(_ range: ClosedRange<Int64>, _ report: inout LedgerReport) async throws {
        for from in stride(from: range.lowerBound, through: range.upperBound, by: Int64.Stride(Self.range)) {
            let to = min(range.upperBound, from + Self.range - 1)
            let found = try await reads.run { db in
                (
                    try Int64.fetchAll(
                        db, sql: "SELECT seq FROM details WHERE seq BETWEEN ? AND ? LIMIT 100", arguments: [from, to]),
                    try Int64.fetchAll(db, sql: Self.stillTold, arguments: [from, to])
                )
            }
            for seq in found.0 { report.add("leaf \(seq)", "was erased, but its detail still stands") }
            for seq in found.1 { report.add("leaf \(seq)", "was erased, but the row of its consignment was not") }
        }
    }

    /// A reference that was taken out leaves the row, and an event about the consignment tells how it stands.
    private static let stillTold = """
        SELECT seq FROM leaves l WHERE seq BETWEEN ? AND ? AND NOT EXISTS (
            SELECT 1 FROM consignments c WHERE c.id = l.consignment AND c.partner = l.partner AND erasedAt IS NOT NULL)
        AND NOT EXISTS (
            SELECT 1 FROM leaves e INDEXED BY leaves_by_consignment
            WHERE e.consignment = l.consignment AND e.partner = l.partner AND e.seq > l.seq AND e.kind = 'erased')
        LIMIT 100
        """

    /// A row that says it was erased is blank, and an event says so too: one that stands when the row is read.
    private func checkRows(_ report: inout LedgerReport) async throws {
        var last: Int64 = 0
        while true {
            let (page, moments) = try await reads.run { [last] in
                (try Self.blanked($0, after: last), try Self.moments($0))
            }
            for row in page {
                let place = "consignment \((try? ConsignmentID(bytes: row.id))?.text ?? Hex.encode(row.id))"
                if !row.isBlank { report.add(place, "its row was erased, but is not blank") }
                if !moments.contains(row.at) { report.add(place, "its row says erased, but no event does") }
            }
            guard let end = page.last else { return }
            last = end.row
            try Task.checkCancellation()
        }
    }

    private static func blanked(_ db: Database, after last: Int64) throws -> [BlankedRow] {
        let sql = """
            SELECT row, id, erasedAt, (\(BlankRow.condition)) AS isBlank,
                EXISTS (SELECT 1 FROM cases WHERE cases.row = c.row) AS hasCases
            FROM consignments c WHERE row > ? AND erasedAt IS NOT NULL ORDER BY row LIMIT ?
            """
        return try Row.fetchAll(db, sql: sql, arguments: [last, page]).map(BlankedRow.init)
    }

    /// When something was erased; one that cannot be read is reported with its leaf.
    private static func moments(_ db: Database) throws -> Set<Int64> {
        let sql = """
            SELECT leaf FROM leaves INDEXED BY leaves_of_agency
            WHERE consignment IS NULL AND partner IS NULL AND kind = ?
            """
        return Set(
            try Data.fetchAll(db, sql: sql, arguments: [EventKind.erased.rawValue])
                .compactMap { try? Leaf(parsing: [UInt8]($0)).at.milliseconds })
    }

    private struct BlankedRow: Sendable {
        let row: Int64
        let id: [UInt8]
        let at: Int64
        let isBlank: Bool

        init(_ row: Row) throws {
            (self.row, id, at) = (try row.value("row"), try row.bytes("id"), try row.value("erasedAt"))
            let (isBlank, hasCases): (Bool, Bool) = (try row.value("isBlank"), try row.value("hasCases"))
            self.isBlank = isBlank && !hasCases
        }
    }
}

extension EventDetail {
    /// Which leaves an event of kind `erased` names.
    var erasedLeaves: LeafRanges {
        get throws(Malformed) {
            guard case .object(let members) = facts, let json = members["leaves"] else {
                throw Malformed("erasure", "names no leaves")
            }
            return try LeafRanges(json)
        }
    }
}
