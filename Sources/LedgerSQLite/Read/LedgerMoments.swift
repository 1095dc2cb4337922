internal import FoundationEssentials
internal import GRDB
internal import Ledger
package import Vocabulary

extension LedgerReading {
    /// When the entry with this number was written; nil if there is none yet.
    package func moment(of seq: Int64) async throws -> Instant? {
        try await reads.point { db in
            let leaf = try Data.fetchOne(db, sql: "SELECT leaf FROM leaves WHERE seq = ?", arguments: [seq])
            return try leaf.map { try Leaf(parsing: [UInt8]($0)).at }
        }
    }

    /// The sizes that time tokens cover, the largest first.
    package func stampedSizes(limit: Int) async throws -> [Int64] {
        try await reads.point { db in
            try Int64.fetchAll(db, sql: "SELECT size FROM timeTokens ORDER BY size DESC LIMIT ?", arguments: [limit])
        }
    }
}
