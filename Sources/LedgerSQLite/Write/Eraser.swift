internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// What one commit erased.
struct Erased: Sendable {
    let consignments: Int
    let details: Int
    let leaves: LeafRanges
}

/// Takes details away inside a transaction of the writing connection.
struct Eraser {
    private let db: Database
    private let hasher: MerkleHasher
    private let sealed: SealedTables

    init(_ db: Database, _ hasher: MerkleHasher, _ sealed: SealedTables) {
        (self.db, self.hasher, self.sealed) = (db, hasher, sealed)
    }

    /// Throws `Malformed`, and nothing is erased, unless every consignment may be erased now.
    func erase(_ erasure: Erasure, at now: Instant) throws -> Erased {
        guard !erasure.keys.isEmpty, erasure.keys.count <= Erasure.mostConsignments else {
            throw Malformed("erasure", "takes 1 to \(Erasure.mostConsignments) consignments")
        }
        var leaves: [Int64] = []
        for key in erasure.keys {
            guard let found = try ErasureRows(db).find(key) else {
                throw Malformed("erasure", "\(key.id) is not in this ledger")
            }
            if let obstacle = found.candidate.obstacle {
                throw Malformed("erasure", "\(key.id) cannot be erased: \(obstacle)")
            }
            leaves += found.leaves
            try erase(found, at: now)
        }
        return Erased(consignments: erasure.keys.count, details: leaves.count, leaves: LeafRanges(leaves))
    }

    private static let passing = ErasureCandidate.passing.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")

    private func erase(_ found: ErasureRows.Found, at now: Instant) throws {
        let detail = try db.cachedStatement(sql: "DELETE FROM details WHERE seq = ?")
        for seq in found.leaves { try detail.execute(arguments: [seq]) }
        let key = found.candidate.record.key
        let own = StatementArguments(key.columns)
        // A duty that an event about another consignment closed stays: that event still carries it.
        try db.execute(
            sql: """
                DELETE FROM duties WHERE consignment = ? AND direction = ? AND partner = ?
                AND (state = 'closed' OR kind IN (\(Self.passing))) AND NOT EXISTS (SELECT 1 FROM details WHERE details.seq = duties.seq)
                """, arguments: own)
        for table in [SealedTable.attempts, .staging] { try sealed.remove(key.columns, from: table) }
        try db.execute(sql: "DELETE FROM cases WHERE row = ?", arguments: [found.row])
        try db.execute(
            sql: "UPDATE consignments SET \(BlankRow.assignments), erasedAt = ? WHERE row = ?",
            arguments: [now.milliseconds, found.row])
        try ErasedRow.seal(found.row, db, hasher)
    }

    /// What has still to be done after this commit, in the same commit.
    func remember(_ erasure: Erasure, _ sequence: [Int64]) throws {
        let (rows, seq) = (VouchedRows(db), sequence.first ?? 0)
        if !erasure.files.isEmpty {
            try rows.remember(
                "\(Erasure.Pending.files)\(seq)", JSON.array(erasure.files.map(\.json)).text, sealed)
        }
        try rows.remember(Erasure.Pending.pages, String(seq), sealed)
    }
}

/// What an erased row of `consignments` holds.
///
/// What stays: id, parties, route, state and times, the id that it took the place of, and the digests of waybill and
/// receipt, by which a later statement about it is known. Both hold times to the millisecond and long random numbers,
/// so nobody can guess what they are digests of. The file's own digest goes: whoever has the file could look for it.
enum BlankRow {
    private static let values = [
        ("name", "NULL"), ("size", "0"), ("sha256", "NULL"), ("purpose", "''"), ("categories", "'[]'"),
        ("basis", "'[]'"), ("cases", "'[]'"), ("agreement", "''"), ("place", "NULL"), ("inode", "NULL"),
        ("why", "NULL"), ("regime", "''"), ("emergency", "0"), ("decidedBy", "''"),
    ]

    static let assignments = values.map { "\($0) = \($1)" }.joined(separator: ", ")
    /// Whether a row is blank.
    static let condition = values.map { "\($0) IS \($1)" }.joined(separator: " AND ")
}
