internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// The Merkle tree as it stands in the tables: leaves hashed as read, complete subtrees looked up.
struct StoredTree {
    private let db: Database
    private let hasher: MerkleHasher

    init(_ db: Database, _ hasher: MerkleHasher) {
        self.db = db
        self.hasher = hasher
    }

    /// How many leaves are committed.
    func size() throws -> Int64 {
        let last = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM leaves") ?? -1
        guard (-1..<Int64.max).contains(last) else {
            throw LedgerTrouble.broken("leaf \(last) is no leaf: run waybill ledger check")
        }
        return last + 1
    }

    func frontier() throws -> MerkleFrontier { try frontier(of: size()) }

    /// As it was at this size, which must not be beyond the present one.
    func frontier(of size: Int64) throws -> MerkleFrontier { try MerkleFrontier(size: size, node: node) }

    /// The tree as it was at this size, which must not be beyond the present one.
    func tree(of size: Int64) -> MerkleTree { MerkleTree(size: size, hasher: hasher, node: node) }

    private func node(_ level: Int, _ index: Int64) throws -> Digest {
        level == 0 ? hasher.leaf(try leaf(index)) : try inner(level, index)
    }

    private func leaf(_ seq: Int64) throws -> [UInt8] {
        let statement = try db.cachedStatement(sql: "SELECT leaf FROM leaves WHERE seq = ?")
        guard let leaf = try Data.fetchOne(statement, arguments: [seq]) else {
            throw LedgerTrouble.broken("leaf \(seq) is missing: run waybill ledger check")
        }
        return [UInt8](leaf)
    }

    private func inner(_ level: Int, _ index: Int64) throws -> Digest {
        let statement = try db.cachedStatement(sql: "SELECT hash FROM tree WHERE level = ? AND idx = ?")
        guard let hash = try Data.fetchOne(statement, arguments: [level, index]) else {
            throw LedgerTrouble.broken("node \(index) of level \(level) is missing: run waybill ledger check")
        }
        return try Digest([UInt8](hash))
    }
}
