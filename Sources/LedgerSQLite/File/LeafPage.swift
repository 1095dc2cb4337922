internal import FoundationEssentials
internal import GRDB
internal import Vocabulary

/// Some consecutive rows of `leaves` with their details, as they stand.
struct LeafPage: Sendable {
    static let size: Int64 = 2000

    struct Entry: Sendable {
        let seq: Int64
        let leaf: [UInt8]
        let consignment: [UInt8]?
        let partner: String?
        let kind: String
        let salt: [UInt8]?
        let detail: [UInt8]?
        /// The nodes that this leaf finished, by level, from 1.
        let nodes: [Int: [UInt8]]
    }

    let range: Range<Int64>
    let entries: [Int64: Entry]

    static func read(_ db: Database, from: Int64, to: Int64) throws -> LeafPage {
        let sql = """
            SELECT l.seq, leaf, consignment, partner, kind, salt, detail FROM leaves l LEFT JOIN details USING (seq)
            WHERE l.seq >= ? AND l.seq < ?
            """
        let node = try db.cachedStatement(sql: "SELECT hash FROM tree WHERE level = ? AND idx = ?")
        var entries: [Int64: Entry] = [:]
        for row in try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [from, to]) {
            let seq: Int64 = try row.value("seq")
            var nodes: [Int: [UInt8]] = [:]
            for level in 1..<(1 + (seq + 1).trailingZeroBitCount) {
                nodes[level] = try Data.fetchOne(node, arguments: [level, seq >> Int64(level)]).map([UInt8].init)
            }
            // A row whose columns are of another kind is as good as none: it is reported as missing.
            if let entry = try? Entry(row, seq, nodes) { entries[seq] = entry }
        }
        return LeafPage(range: from..<to, entries: entries)
    }
}

extension LeafPage.Entry {
    fileprivate init(_ row: Row, _ seq: Int64, _ nodes: [Int: [UInt8]]) throws {
        self.init(
            seq: seq, leaf: try row.bytes("leaf"),
            consignment: (try row.value("consignment") as Data?).map([UInt8].init),
            partner: try row.value("partner"), kind: try row.value("kind"),
            salt: (try row.value("salt") as Data?).map([UInt8].init),
            detail: (try row.value("detail") as Data?).map([UInt8].init), nodes: nodes)
    }
}
