internal import GRDB
internal import Ledger
internal import Vocabulary

/// Takes one person's reference out of one record, inside a transaction of the writing connection.
///
/// Every detail in which the reference stands goes whole, because its commitment holds no other; the row stays, without the
/// reference, and one event about the consignment tells how it stands now.
struct ReferenceEraser {
    private let db: Database
    private let sealed: SealedTables

    init(_ db: Database, _ sealed: SealedTables) { (self.db, self.sealed) = (db, sealed) }

    /// Throws `Malformed`, and nothing is changed, if it may not be done now.
    func takeOut(_ wish: Erasure.OfReference) throws -> (erased: Erased, record: ConsignmentRecord) {
        guard let found = try ErasureRows(db).find(wish.key) else {
            throw Malformed("erasure", "\(wish.key.id) is not in this ledger")
        }
        if let obstacle = found.candidate.obstacle(against: wish.reference) {
            throw Malformed("erasure", "\(wish.key.id): \(obstacle)")
        }
        let leaves = found.leaves(naming: wish.reference)
        let detail = try db.cachedStatement(sql: "DELETE FROM details WHERE seq = ?")
        for seq in leaves { try detail.execute(arguments: [seq]) }
        try db.execute(
            sql: "DELETE FROM duties WHERE consignment = ? AND direction = ? AND partner = ? AND subject = ?",
            arguments: StatementArguments(wish.key.columns) + [wish.reference])
        var record = found.candidate.record
        record.cases.removeAll { $0.utf8.elementsEqual(wish.reference.utf8) }
        if let why = record.why, ErasureRows.names(Array(why.utf8), wish.reference) { record.why = nil }
        return (Erased(consignments: 1, details: leaves.count, leaves: LeafRanges(leaves)), record)
    }

    /// What has still to be done after this commit, in the same commit.
    func remember(_ wish: Erasure.OfReference, _ sequence: [Int64]) throws {
        let (rows, seq) = (VouchedRows(db), sequence.first ?? 0)
        let left = JSON.object(["file": wish.file.json, "reference": .string(wish.reference)])
        try rows.remember("\(Erasure.Pending.references)\(seq)", left.text, sealed)
        try rows.remember(Erasure.Pending.pages, String(seq), sealed)
    }
}
