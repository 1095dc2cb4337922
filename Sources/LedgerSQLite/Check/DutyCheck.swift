internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// Compares the rows of duties with the events that carry them, both ways.
///
/// An event whose detail has been erased says nothing any more: what it alone told cannot be compared.
struct DutyCheck {
    private static let pageSize = 500
    let reads: LedgerReads

    /// Every row is what the event that it names tells.
    func checkRows(_ report: inout LedgerReport) async throws {
        var last = Data()
        while true {
            let page = try await reads.run { [last] in try Self.page($0, after: last) }
            for entry in page { entry.check(&report) }
            report.duties += Int64(page.count)
            guard let end = page.last?.id else { return }
            last = end
            try Task.checkCancellation()
        }
    }

    /// Every duty that an event carries has a row, of this event or a later one; unless the event has been erased since it
    /// was read, and the row with it.
    /// - Parameter carried: the newest event of some that carries each.
    func find(_ carried: [ConsignmentID: Int64], _ report: inout LedgerReport) async throws {
        if carried.isEmpty { return }
        let rows = try await reads.run { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT (SELECT seq FROM duties WHERE id = ?) AS seq,
                        EXISTS (SELECT 1 FROM details WHERE details.seq = ?) AS isThere
                    """)
            return try carried.map { id, event in
                let row = try Row.fetchOne(statement, arguments: [id.column, event])
                return (id, event, try row?.value("seq") as Int64?, try row?.value("isThere") as Bool? ?? false)
            }
        }
        for (id, event, seq, isThere) in rows.sorted(by: { $0.0 < $1.0 }) {
            guard let seq else {
                if isThere { report.add("duty \(id)", "event \(event) carries it but it has no row") }
                continue
            }
            if seq < event { report.add("duty \(id)", "its row is of event \(seq), older than event \(event)") }
        }
    }

    private static func page(_ db: Database, after last: Data) throws -> [DutyEntry] {
        let sql = """
            SELECT duties.*, detail, EXISTS (SELECT 1 FROM leaves WHERE leaves.seq = duties.seq) AS isTold
            FROM duties LEFT JOIN details ON details.seq = duties.seq WHERE id > ? ORDER BY id LIMIT ?
            """
        return try Row.fetchAll(db, sql: sql, arguments: [last, pageSize]).map(DutyEntry.init)
    }
}

/// A row and what its event has to say to it.
private struct DutyEntry: Sendable {
    let id: Data
    private let seq: Int64
    private let duty: Result<Duty, Malformed>
    private let isTold: Bool
    private let detail: Data?

    init(_ row: Row) throws {
        do { duty = .success(try Duty(row)) } catch let wrong as Malformed { duty = .failure(wrong) }
        (id, seq) = (try row.value("id"), try row.value("seq"))
        (isTold, detail) = (try row.value("isTold"), try row.value("detail"))
    }

    func check(_ report: inout LedgerReport) {
        let place = "duty \((try? ConsignmentID(bytes: [UInt8](id)))?.text ?? Hex.encode([UInt8](id)))"
        switch duty {
        case .failure(let wrong): report.add(place, "its row cannot be read: \(wrong)")
        case .success where !isTold: report.add(place, "its row is of event \(seq), which is not there")
        case .success(let duty): if let problem = problem(duty) { report.add(place, problem) }
        }
    }

    private func problem(_ duty: Duty) -> String? {
        // A detail that cannot be read has been reported with its leaf.
        guard let detail, let told = try? EventDetail(parsing: [UInt8](detail)).duties else { return nil }
        guard let told = told.last(where: { $0.id == duty.id }) else { return "event \(seq) does not carry it" }
        if told == duty { return nil }
        return "its row says something else than event \(seq): \(told.differences(from: duty).joined(separator: ", "))"
    }
}

extension Duty {
    /// Names of the members that differ.
    fileprivate func differences(from other: Duty) -> [String] {
        guard case .object(let ours) = json, case .object(let theirs) = other.json else { return [] }
        return Set(ours.keys).union(theirs.keys).filter { ours[$0] != theirs[$0] }.sorted()
    }
}
