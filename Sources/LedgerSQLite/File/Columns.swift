internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

// How our words stand in columns: ids and digests as blobs, times as milliseconds, lists as JSON.

extension Digest { var column: Data { Data(bytes) } }
extension ConsignmentID { var column: Data { Data(bytes) } }

extension ConsignmentKey {
    /// For `WHERE id = ? AND direction = ? AND partner = ?`, the order of the unique index.
    var columns: [(any DatabaseValueConvertible)?] { [id.column, direction.rawValue, partner.text] }
    static let isKey = "id = ? AND direction = ? AND partner = ?"

    init(_ row: Row) throws {
        self.init(
            try row.word("direction"), try AgencyID(row.value("partner")), try ConsignmentID(bytes: row.bytes("id")))
    }
}

extension ConsignmentID {
    /// From the sixteen bytes.
    init(bytes: [UInt8]) throws(Malformed) {
        let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        guard bytes.count == 16, let id = ConsignmentID(number: number) else {
            throw Malformed("consignment id", "must be the sixteen bytes of a UUID of version 7")
        }
        self = id
    }
}

extension Row {
    /// A column that holds one of our words.
    func word<Word: RawRepresentable>(_ column: String) throws(Malformed) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try value(column)) else {
            throw Malformed("ledger column \(column)", "holds an unknown word")
        }
        return word
    }

    func digest(_ column: String) throws(Malformed) -> Digest? {
        guard let bytes = try value(column) as Data? else { return nil }
        return try Digest([UInt8](bytes))
    }

    func time(_ column: String) throws(Malformed) -> Instant { Instant(milliseconds: try value(column)) }

    func instant(_ column: String) throws(Malformed) -> Instant? {
        (try value(column) as Int64?).map(Instant.init(milliseconds:))
    }

    func list(_ column: String) throws(Malformed) -> [String] { try TextList.parse(try value(column)) }

    func bytes(_ column: String) throws(Malformed) -> [UInt8] { [UInt8](try value(column) as Data) }

    /// A column as this type. GRDB's own subscript ends the process if a damaged file holds something else there.
    func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: String
    ) throws(Malformed) -> Value {
        do { return try decode(Value.self, forColumn: column) } catch {
            throw Malformed("ledger column \(column)", "holds a value of another kind: run waybill ledger check")
        }
    }
}

/// A list of strings as a JSON array; nearly all are short and many are empty.
enum TextList {
    static func text(_ list: [String]) -> String { list.isEmpty ? "[]" : JSON.array(list.map(JSON.string)).text }

    static func parse(_ text: String) throws(Malformed) -> [String] {
        if text == "[]" { return [] }
        let wrong = Malformed("ledger column", "must hold a JSON array of strings")
        guard case .array(let items) = try JSON(kept: Array(text.utf8)) else { throw wrong }
        var list: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw wrong }
            list.append(text)
        }
        return list
    }
}

extension ConsignmentRecord {
    /// In the order of `Committer.insertRow`, after key, first, state, stage, name, sha256 and supersedes.
    var plainColumns: [(any DatabaseValueConvertible)?] {
        TextColumn.stored([
            route.text, size, waybill?.column, purpose, TextList.text(categories), TextList.text(basis),
            TextList.text(cases), agreement, claimedAt?.milliseconds, sentAt?.milliseconds, deliveredAt?.milliseconds,
            receiptSHA256?.column, place, inode, why, regime, isEmergency, decidedBy,
        ])
    }
    static let plainNames = [
        "route", "size", "waybill", "purpose", "categories", "basis", "cases", "agreement", "claimedAt", "sentAt",
        "deliveredAt", "receiptSHA256", "place", "inode", "why", "regime", "emergency", "decidedBy",
    ]

    init(_ row: Row) throws {
        self.init(
            key: try ConsignmentKey(row), state: try row.word("state"), route: try RouteName(row.value("route")),
            name: try row.textIfAny("name"), size: try row.value("size"), sha256: try row.digest("sha256"),
            waybill: try row.digest("waybill"), purpose: try row.text("purpose"),
            categories: try row.list("categories"), basis: try row.list("basis"), agreement: try row.text("agreement"),
            cases: try row.list("cases"), claimedAt: try row.instant("claimedAt"), sentAt: try row.instant("sentAt"),
            deliveredAt: try row.instant("deliveredAt"), receiptSHA256: try row.digest("receiptSHA256"),
            place: try row.textIfAny("place"), inode: try row.textIfAny("inode"), why: try row.textIfAny("why"))
        (regime, isEmergency) = (try row.text("regime"), try row.value("emergency"))
        decidedBy = try row.text("decidedBy")
        supersedes = try (row.value("supersedes") as Data?).map { try ConsignmentID(bytes: [UInt8]($0)) }
        erasedAt = try row.instant("erasedAt")
    }
}

extension StoredEvent {
    init(_ row: Row) throws {
        self.init(
            seq: try row.value("seq"), leaf: try Leaf(parsing: row.bytes("leaf")),
            salt: (try row.value("salt") as Data?).map([UInt8].init),
            detail: (try row.value("detail") as Data?).map([UInt8].init))
    }
}

extension StagingMark {
    init(_ row: Row) throws {
        guard let waybill = try row.digest("waybill") else { throw Malformed("staging mark", "lacks its waybill") }
        self.init(
            key: try ConsignmentKey(row), waybill: waybill, next: try row.value("next"), at: try row.time("at"))
    }
}

extension Attempt {
    init(_ row: Row) throws {
        self.init(
            key: try ConsignmentKey(row), count: try row.value("count"), lastAt: try row.time("lastAt"),
            nextAt: try row.time("nextAt"), why: try row.text("why"))
    }
}
