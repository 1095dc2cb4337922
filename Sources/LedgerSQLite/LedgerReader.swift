internal import GRDB
package import Ledger
internal import Vocabulary

/// A ledger opened read-only by another process, with or without the daemon running.
package struct LedgerReader: LedgerReading {
    package let reads: LedgerReads
    package let origin: LedgerOrigin
    package let path: String
    private let crypto: any LedgerCrypto
    private let signer: (any CheckpointSigner)?

    /// Opens an existing ledger. Blocks while it works. Throws `LedgerTrouble`.
    /// - Parameter signer: only who holds the ledger key has one; without it `checkpoint()` is the newest one kept.
    package init(
        path: String, crypto: any LedgerCrypto, signer: (any CheckpointSigner)? = nil, busyTimeout: Double = 5
    ) throws {
        do {
            let database = try LedgerFile.openReadOnly(path, busyTimeout: busyTimeout)
            guard let origin = try database.read(Meta.origin) else {
                throw LedgerTrouble.broken("the ledger does not say whose it is: start waybilld once")
            }
            self.origin = origin
            self.path = path
            self.crypto = crypto
            self.signer = signer
            reads = LedgerReads(database: database, hasher: MerkleHasher(crypto))
        } catch {
            throw LedgerTrouble(error)
        }
    }

    package func checkpoint() async throws -> String {
        guard let signer else { return try await keptCheckpoint() }
        let frontier = try await reads.run { [crypto] in try StoredTree($0, MerkleHasher(crypto)).frontier() }
        let root = frontier.root(MerkleHasher(crypto))
        return try Checkpoint(origin: origin.description, size: frontier.size, root: root).signed(by: signer, crypto)
            .text
    }

    private func keptCheckpoint() async throws -> String {
        guard let note = try await reads.keptCheckpoint() else {
            throw LedgerTrouble.broken("no checkpoint has been signed yet: start waybilld, or give the ledger key")
        }
        return note
    }

    /// Every statement about a consignment stored under these kinds, oldest first, such as `[.said, .heard]`.
    package func statements(_ kinds: Set<EventKind>, of key: ConsignmentKey) async throws -> [StoredStatement] {
        try await reads.events(of: key, kinds).statements(kinds)
    }

    /// The proof that an event stands in the ledger. Throws `LedgerTrouble` if the checkpoint at hand is older than it.
    package func proof(of seq: Int64) async throws -> TlogProof {
        let note = try SignedNote(kept: Array(try await checkpoint().utf8))
        let hashes = try await inclusionProof(of: seq, in: try Checkpoint(body: note.body).size)
        return TlogProof(index: seq, hashes: hashes, checkpoint: note)
    }
}
