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
            try row.word("direction"), try AgencyID(row["partner"]),
            try ConsignmentID(bytes: [UInt8](row["id"] as Data)))
    }
}

extension ConsignmentID {
    /// From the sixteen bytes.
    init(bytes: [UInt8]) throws(Malformed) {
        let hex = Array(Hex.encode(bytes).utf8)
        guard hex.count == 32 else { throw Malformed("consignment id", "must have sixteen bytes") }
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        try self.init(groups.map { String(decoding: hex[$0], as: UTF8.self) }.joined(separator: "-"))
    }
}

extension Row {
    /// A column that holds one of our words.
    func word<Word: RawRepresentable>(_ column: String) throws(Malformed) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: self[column]) else {
            throw Malformed("ledger column \(column)", "holds an unknown word")
        }
        return word
    }

    func digest(_ column: String) throws(Malformed) -> Digest? {
        guard let bytes = self[column] as Data? else { return nil }
        return try Digest([UInt8](bytes))
    }

    func instant(_ column: String) -> Instant? { (self[column] as Int64?).map(Instant.init(milliseconds:)) }

    func list(_ column: String) throws(Malformed) -> [String] { try TextList.parse(self[column]) }
}

/// A list of strings as a JSON array; nearly all are short and many are empty.
enum TextList {
    static func text(_ list: [String]) -> String { list.isEmpty ? "[]" : JSON.array(list.map(JSON.string)).text }

    static func parse(_ text: String) throws(Malformed) -> [String] {
        if text == "[]" { return [] }
        let wrong = Malformed("ledger column", "must hold a JSON array of strings")
        guard case .array(let items) = try JSON(parsing: Array(text.utf8)) else { throw wrong }
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
        [
            route.text, size, waybill?.column, purpose, TextList.text(categories), TextList.text(basis),
            TextList.text(cases), agreement, claimedAt?.milliseconds, sentAt?.milliseconds, deliveredAt?.milliseconds,
            receiptSHA256?.column, place, inode, why, regime, isEmergency, decidedBy,
        ]
    }
    static let plainNames = [
        "route", "size", "waybill", "purpose", "categories", "basis", "cases", "agreement", "claimedAt", "sentAt",
        "deliveredAt", "receiptSHA256", "place", "inode", "why", "regime", "emergency", "decidedBy",
    ]

    init(_ row: Row) throws {
        self.init(
            key: try ConsignmentKey(row), state: try row.word("state"), route: try RouteName(row["route"]),
            name: row["name"], size: row["size"], sha256: try row.digest("sha256"), waybill: try row.digest("waybill"),
            purpose: row["purpose"], categories: try row.list("categories"), basis: try row.list("basis"),
            agreement: row["agreement"], cases: try row.list("cases"), claimedAt: row.instant("claimedAt"),
            sentAt: row.instant("sentAt"), deliveredAt: row.instant("deliveredAt"),
            receiptSHA256: try row.digest("receiptSHA256"), place: row["place"], inode: row["inode"], why: row["why"])
        (regime, isEmergency, decidedBy) = (row["regime"], row["emergency"], row["decidedBy"])
        supersedes = try (row["supersedes"] as Data?).map { try ConsignmentID(bytes: [UInt8]($0)) }
        erasedAt = row.instant("erasedAt")
    }
}

extension StoredEvent {
    init(_ row: Row) throws {
        self.init(
            seq: row["seq"], leaf: try Leaf(parsing: [UInt8](row["leaf"] as Data)),
            salt: (row["salt"] as Data?).map([UInt8].init), detail: (row["detail"] as Data?).map([UInt8].init))
    }
}

extension StagingMark {
    init(_ row: Row) throws {
        guard let waybill = try row.digest("waybill") else { throw Malformed("staging mark", "lacks its waybill") }
        self.init(
            key: try ConsignmentKey(row), waybill: waybill, next: row["next"], at: Instant(milliseconds: row["at"]))
    }
}

extension Attempt {
    init(_ row: Row) throws {
        self.init(
            key: try ConsignmentKey(row), count: row["count"], lastAt: Instant(milliseconds: row["lastAt"]),
            nextAt: Instant(milliseconds: row["nextAt"]), why: row["why"])
    }
}
