internal import Exchange
internal import Ledger
internal import Vocabulary

/// What a partner shows when it is asked which checkpoint of ours it holds: it counts only if we signed it.
struct WitnessedCheckpoint: Sendable {
    let checkpoint: Checkpoint
    let note: String

    /// Throws `Malformed` if it is not a checkpoint of a ledger of ours under our own signature.
    init(_ text: String, us: LedgerOrigin, _ noteKeys: NoteKeys) throws(Malformed) {
        let note = try SignedNote(kept: Array(text.utf8))
        let checkpoint = try Checkpoint(body: note.body)
        guard checkpoint.origin.hasPrefix(us.witness + "/") else {
            throw Malformed("checkpoint", "is of another agency's ledger")
        }
        for raw in noteKeys.ourKeys() {
            let key = try NoteKey(name: checkpoint.origin, publicKey: raw, noteKeys.crypto)
            let isOurs = note.signatures.contains { $0.name == key.name && $0.keyID == key.id }
            guard isOurs, (try? note.verify(by: key, noteKeys.crypto)) != nil else { continue }
            (self.checkpoint, self.note) = (checkpoint, text)
            return
        }
        throw Malformed("checkpoint", "is not signed with a ledger key of ours")
    }

    /// What is wrong with our ledger; nil if it has only grown since.
    /// - Parameters:
    ///   - head: ours now.
    ///   - former: origins that our ledger went under before, or knows that it lost.
    ///   - proof: that `head` grew from `checkpoint`; only asked for if it is of the same origin and larger.
    func verdict(
        against head: Checkpoint, former: Set<String>, _ noteKeys: NoteKeys,
        proof: (_ from: Int64, _ to: Int64) async throws -> [Digest]
    ) async throws -> Standstill.Notice.What? {
        guard checkpoint.origin == head.origin else { return former.contains(checkpoint.origin) ? nil : .another }
        if checkpoint.size > head.size { return .ahead }
        if checkpoint.size == head.size { return checkpoint.root == head.root ? nil : .forked }
        let isGrown = MerkleProof(MerkleHasher(noteKeys.crypto)).verifyConsistency(
            oldSize: checkpoint.size, oldRoot: checkpoint.root, newSize: head.size, newRoot: head.root,
            proof: try await proof(checkpoint.size, head.size))
        return isGrown ? nil : .forked
    }
}
