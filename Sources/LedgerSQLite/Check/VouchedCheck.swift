internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// What others signed about this ledger: their countersignatures and time tokens, each over the root of our first so many
/// events; and what we signed about theirs.
struct VouchedCheck {
    /// A row that speaks of the tree at one size.
    enum Word: Sendable {
        case countersigned(Countersigned)
        case token(TimeToken)
        case witnessed(WitnessedHead)
        case unreadable(String, why: String)

        var size: Int64? {
            switch self {
            case .countersigned(let word): word.size
            case .token(let word): word.size
            case .witnessed, .unreadable: nil
            }
        }
    }

    let ours: LedgerOrigin
    let judges: CheckJudges
    let crypto: any LedgerCrypto

    /// Words about the sizes in this range.
    static func words(_ db: Database, _ sizes: ClosedRange<Int64>) throws -> [Word] {
        let arguments: StatementArguments = [sizes.lowerBound, sizes.upperBound]
        let countersigned = Rows(
            table: "countersigned", condition: "INDEXED BY countersigned_by_size WHERE size BETWEEN ? AND ?",
            arguments: arguments)
        let tokens = Rows(table: "timeTokens", condition: "WHERE size BETWEEN ? AND ?", arguments: arguments)
        return try words(db, countersigned) { .countersigned(try Countersigned($0)) }
            + words(db, tokens) { .token(try TimeToken($0)) }
    }

    /// Every partner's checkpoint that we countersigned.
    static func witnessed(_ db: Database) throws -> [Word] {
        try words(db, Rows(table: "witnessed")) { .witnessed(try WitnessedHead($0)) }
    }

    /// Which rows of a table.
    private struct Rows {
        let table: String
        var condition = ""
        var arguments: StatementArguments = []
    }

    private static func words(_ db: Database, _ rows: Rows, _ read: (Row) throws -> Word) throws -> [Word] {
        let sql = "SELECT * FROM \(rows.table) \(rows.condition)"
        return try Row.fetchAll(db, sql: sql, arguments: rows.arguments).map { row in
            do { return try read(row) } catch { return .unreadable(rows.table, why: "\(error)") }
        }
    }

    /// - Parameter root: of the tree at the size of the word; nil if the tree never had it.
    func check(_ word: Word, root: Digest?, _ report: inout LedgerReport) {
        switch word {
        case .unreadable(let table, let why): report.add("table \(table)", "a row cannot be read: \(why)")
        case .witnessed(let head): check(head, &report)
        case .countersigned(let word):
            report.vouched += 1
            let place = "countersignature of \(word.partner) over \(word.size) events"
            found(place, &report) { () throws(Malformed) in
                let note = try noteOfOurs(word.note, word.size, root)
                guard let seen = try judges.countersigner(note, word.partner) else { return }
                if seen.seconds != word.at.seconds {
                    throw Malformed("row", "has another time than the countersignature")
                }
            }
        case .token(let word):
            report.vouched += 1
            found("time token over \(word.size) events", &report) { () throws(Malformed) in
                _ = try noteOfOurs(word.note, word.size, root)
                if let problem = judges.token(word) { throw Malformed("time token", problem) }
            }
        }
    }

    private func check(_ head: WitnessedHead, _ report: inout LedgerReport) {
        report.vouched += 1
        found("witnessed \(head.checkpoint.origin.prefix(120))", &report) { () throws(Malformed) in
            let note = try SignedNote(kept: Array(head.note.utf8))
            if try Checkpoint(body: note.body) != head.checkpoint {
                throw Malformed("row", "says something else than its note")
            }
            try judges.requireSeenByUs(note, ours.witness, crypto)
            if let problem = judges.witnessed(note, head.partner) { throw Malformed("note", problem) }
        }
    }

    /// The note as a checkpoint of this ledger, or of one that it went on from, at this size and with this root.
    private func noteOfOurs(_ text: String, _ size: Int64, _ root: Digest?) throws(Malformed) -> SignedNote {
        let note = try SignedNote(kept: Array(text.utf8))
        let checkpoint = try Checkpoint(body: note.body)
        guard checkpoint.origin.hasPrefix(ours.witness + "/") else {
            throw Malformed("note", "is of another agency's ledger")
        }
        try judges.requireOurs(note, checkpoint.origin, crypto)
        if checkpoint.size != size { throw Malformed("row", "has another size than its note") }
        guard let root else {
            throw Malformed("note", "covers \(size) events: so many are not there, events were cut off")
        }
        if checkpoint.root != root { throw Malformed("note", "its root is not that of the first \(size) events") }
        return note
    }

    private func found(_ place: String, _ report: inout LedgerReport, _ body: () throws(Malformed) -> Void) {
        do { try body() } catch { report.add(place, "\(error)") }
    }
}
