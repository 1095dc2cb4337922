internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// Writes the rows of consignments, touching an index only if a column of it has changed: an UPDATE that names a column
/// moves its index entries even if the value stays.
final class RowWriter {
    private struct Known {
        let row: Int64
        let state: String
        let name: String?
        let sha256: Data?
        let cases: String
        let supersedes: Data?
        let isErased: Bool

        func isIndexed(as record: ConsignmentRecord) -> Bool {
            TextColumn.isSame(record.name, name) && record.sha256?.column == sha256
                && record.supersedes?.column == supersedes
        }
    }

    private let db: Database
    private let statements: Statements
    private let sealed: SealedTables
    private var known: [ConsignmentKey: Known] = [:]

    init(_ db: Database, _ statements: Statements, _ sealed: SealedTables) throws {
        self.db = db
        self.statements = statements
        self.sealed = sealed
    }

    /// How far it has come, nil if it has no row; remembers the row for `write`.
    func stage(_ key: ConsignmentKey) throws -> ConsignmentHistory.Stage? {
        let arguments = StatementArguments(key.columns)
        guard let row = try Row.fetchOne(statements.stage, arguments: arguments) else { return nil }
        // By position: a name costs GRDB a comparison of each column in lower case.
        known[key] = Known(
            row: try row.decode(atIndex: 0), state: try row.decode(atIndex: 1),
            name: try (row.decode(atIndex: 3) as String?).map(TextColumn.read),
            sha256: try row.decode(atIndex: 4), cases: try row.decode(atIndex: 5),
            supersedes: try row.decode(atIndex: 6), isErased: try row.decode(atIndex: 7))
        return try row.word("stage") as ConsignmentHistory.Stage
    }

    /// - Parameter salt: of the row's digest in the event that brought the record.
    func write(_ row: Projection.Row, _ key: ConsignmentKey, salt: Data?) throws {
        if let known = known[key] {
            try update(known, row, salt)
        } else if let record = row.record {
            try insert(record, row, salt)
        }
        if row.endings.contains(.clearStagingMark) { try sealed.remove(key.columns, from: .staging) }
        if row.endings.contains(.clearAttempt) { try sealed.remove(key.columns, from: .attempts) }
    }

    private func insert(_ record: ConsignmentRecord, _ row: Projection.Row, _ salt: Data?) throws {
        let first = record.key.direction == .sent ? record.claimedAt ?? row.firstSeen : row.firstSeen
        let indexed: [(any DatabaseValueConvertible)?] = [
            first.milliseconds, record.state.rawValue, row.history.stage.rawValue, salt,
            record.name.map(TextColumn.stored),
            record.sha256?.column, record.supersedes?.column,
        ]
        try statements.insertRow.execute(
            arguments: StatementArguments(record.key.columns + indexed + record.plainColumns))
        let id = db.lastInsertedRowID
        for reference in record.cases {
            try statements.insertCase.execute(arguments: [TextColumn.stored(reference), id])
        }
    }

    private func update(_ known: Known, _ row: Projection.Row, _ salt: Data?) throws {
        let stage = row.history.stage.rawValue
        // A row that was erased stays blank, whatever is said afterwards.
        if let record = row.record, !known.isErased {
            let columns: [(any DatabaseValueConvertible)?] = [stage, salt, nil] + record.plainColumns + [known.row]
            try statements.updateRow.execute(arguments: StatementArguments(columns))
            if !known.isIndexed(as: record) {
                try statements.updateIndexed.execute(arguments: [
                    record.name.map(TextColumn.stored), record.sha256?.column, record.supersedes?.column, known.row,
                ])
            }
            try updateCases(known, record.cases)
        }
        guard let state = row.history.state?.rawValue, state != known.state || row.record == nil || known.isErased
        else { return }
        try statements.updateState.execute(arguments: [state, stage, known.row])
    }

    private func updateCases(_ known: Known, _ cases: [String]) throws {
        guard !TextColumn.isSame(TextList.text(cases), known.cases) else { return }
        for old in try TextList.parse(known.cases) {
            try statements.deleteCase.execute(arguments: [TextColumn.stored(old), known.row])
        }
        for reference in cases {
            try statements.insertCase.execute(arguments: [TextColumn.stored(reference), known.row])
        }
    }
}
