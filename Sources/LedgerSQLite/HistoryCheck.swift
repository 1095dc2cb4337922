internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// Replays every consignment's events and compares the outcome with its row.
struct HistoryCheck {
    private static let pageSize = 2000
    let reads: LedgerReads

    /// One story: what `leaves` tells about an id and a partner, both directions together.
    private struct Story: Sendable {
        let id: [UInt8]
        let partner: String
        var kinds: [String] = []
        /// Direction to (state, stage).
        var rows: [String: Row] = [:]
        struct Row: Sendable, Hashable {
            let state: String
            let stage: String
        }
    }

    func run(_ report: inout LedgerReport) async throws {
        var last: Story?
        while true {
            let page = try await reads.run { [last] in try Self.page($0, after: last) }
            for story in page { Self.check(story, &report) }
            guard let end = page.last else { break }
            last = end
            try Task.checkCancellation()
        }
        try await findRowsWithoutEvents(&report)
    }

    private func findRowsWithoutEvents(_ report: inout LedgerReport) async throws {
        var last: Int64 = 0
        while true {
            let page = try await reads.run { [last] db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT row, id, EXISTS (
                            SELECT 1 FROM leaves WHERE consignment = c.id AND partner = c.partner) AS isTold
                        FROM consignments c WHERE row > ? ORDER BY row LIMIT ?
                        """, arguments: [last, Self.pageSize]
                ).map { (row: $0["row"] as Int64, id: [UInt8]($0["id"] as Data), isTold: $0["isTold"] as Bool) }
            }
            for row in page where !row.isTold {
                report.add("consignment \(Self.name(row.id))", "has a row but no events")
            }
            guard let end = page.last?.row else { return }
            last = end
        }
    }

    /// The next stories in the order of the index, each whole, with rows of the same moment.
    private static func page(_ db: Database, after last: Story?) throws -> [Story] {
        let keys = try Row.fetchAll(
            db,
            sql: """
                SELECT DISTINCT consignment, partner FROM leaves INDEXED BY leaves_by_consignment
                WHERE consignment IS NOT NULL AND partner IS NOT NULL AND (consignment, partner) > (?, ?)
                ORDER BY consignment, partner LIMIT ?
                """, arguments: [Data(last?.id ?? []), last?.partner ?? "", pageSize])
        return try keys.map { try story(db, id: $0["consignment"], partner: $0["partner"]) }
    }

    private static func story(_ db: Database, id: Data, partner: String) throws -> Story {
        var story = Story(id: [UInt8](id), partner: partner)
        let kinds = try db.cachedStatement(
            sql: "SELECT kind FROM leaves WHERE consignment = ? AND partner = ? ORDER BY seq")
        story.kinds = try String.fetchAll(kinds, arguments: [id, partner])
        let rows = try db.cachedStatement(
            sql: "SELECT direction, state, stage FROM consignments WHERE id = ? AND partner = ?")
        for row in try Row.fetchAll(rows, arguments: [id, partner]) {
            story.rows[row["direction"]] = Story.Row(state: row["state"], stage: row["stage"])
        }
        return story
    }

    private static func check(_ story: Story, _ report: inout LedgerReport) {
        let kinds = story.kinds.compactMap(EventKind.init)
        for direction in Direction.allCases {
            let ours = kinds.filter { $0.direction == direction }
            let row = story.rows[direction.rawValue]
            if ours.isEmpty && row == nil { continue }
            report.consignments += 1
            let place = "consignment \(name(story.id)), \(direction.rawValue)"
            do {
                let history = try ConsignmentHistory(ours)
                guard let row else {
                    report.add(place, "has events but no row")
                    continue
                }
                if row.state != history.state?.rawValue || row.stage != history.stage.rawValue {
                    let told = history.state?.rawValue ?? "nothing"
                    report.add(place, "its row says \(row.state), its events say \(told)")
                }
            } catch {
                report.add(place, "impossible history: \(error.why)")
            }
        }
    }

    private static func name(_ id: [UInt8]) -> String { (try? ConsignmentID(bytes: id))?.text ?? Hex.encode(id) }
}
