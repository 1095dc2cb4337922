internal import GRDB
package import Ledger
package import Vocabulary

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
}

// Nothing is written through it.
extension LedgerReader {
    private static var refusal: LedgerTrouble { .broken("the ledger is open for reading only") }

    package func append(each groups: [[NewEvent]]) async throws -> [Result<[Int64], LedgerTrouble>] {
        throw Self.refusal
    }
    package func beginEpoch(_ facts: [String: JSON], at now: Instant) async throws -> LedgerOrigin {
        throw Self.refusal
    }
    package func keep(_ vouched: Vouched) async throws -> Bool { throw Self.refusal }
    package func remember(_ facts: [String: String?]) async throws { throw Self.refusal }
    package func note(_ staging: StagingMark.Change) async throws { throw Self.refusal }
    package func noteAttempt(_ attempt: Attempt) async throws { throw Self.refusal }
}
