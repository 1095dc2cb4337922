internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// Whether the tables that no event tells of are as they were written.
struct SealedCheck {
    let hasher: MerkleHasher

    func problems(_ table: SealedTable, _ db: Database) throws -> [LedgerProblem] {
        var (problems, rows): ([LedgerProblem], Int64) = ([], 0)
        var sum = [UInt8](repeating: 0, count: SealedTables.size)
        let columns = table.columns.joined(separator: ", ")
        let cursor = try Row.fetchCursor(db, sql: "SELECT \(columns), seal FROM \(table.name)")
        while let row = try cursor.next() {
            let values = Array(row.databaseValues)
            let seal = SealedTables.seal(table, Array(values.dropLast()), hasher)
            rows += 1
            guard let kept = Data.fromDatabaseValue(values[values.count - 1]).map([UInt8].init) else {
                problems.append(LedgerProblem(place(table, values), "its seal is gone"))
                continue
            }
            if kept != seal { problems.append(LedgerProblem(place(table, values), "was changed: its seal is broken")) }
            sum = SealedTables.sum(sum, kept.count == seal.count ? kept : seal)
        }
        if let problem = try sumProblem(table, db, rows, sum) { problems.append(problem) }
        return problems
    }

    private func sumProblem(
        _ table: SealedTable, _ db: Database, _ rows: Int64, _ sum: [UInt8]
    ) throws -> LedgerProblem? {
        let place = "table \(table.name)"
        let kept = try Row.fetchOne(db, sql: "SELECT rows, seal FROM seals WHERE name = ?", arguments: [table.name])
        guard let kept, let count: Int64 = try kept.value("rows"), let seal: Data = try kept.value("seal") else {
            return LedgerProblem(place, "its seal is missing")
        }
        if count != rows { return LedgerProblem(place, "has \(rows) rows, \(count) were written") }
        return [UInt8](seal) == sum ? nil : LedgerProblem(place, "its rows are not those that were written")
    }

    /// Seals of tables that there are not.
    static func strangers(_ db: Database) throws -> [LedgerProblem] {
        try String.fetchAll(db, sql: "SELECT name FROM seals ORDER BY name").filter { SealedTable(rawValue: $0) == nil }
            .map { LedgerProblem("seals \($0.prefix(80))", "is the seal of no table") }
    }

    private func place(_ table: SealedTable, _ values: [DatabaseValue]) -> String {
        let key = values.prefix(table.keys.count).map { value in
            switch value.storage {
            case .null: "(nothing)"
            case .int64(let number): String(number)
            case .double(let number): String(number)
            case .string(let text): String(text.prefix(80))
            case .blob(let data):
                (try? ConsignmentID(bytes: [UInt8](data)))?.text ?? Hex.encode([UInt8](data.prefix(32)))
            }
        }
        return "\(table.name) \(key.joined(separator: " "))"
    }
}
