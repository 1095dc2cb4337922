internal import Envelope
internal import Exchange
internal import Ledger
internal import Statements
internal import Vocabulary

/// Our newest checkpoint with the proof that it grew from the size that a partner holds, and the reader of its answer.
struct CheckpointRequest: Sendable {
    let head: Checkpoint
    let bytes: [UInt8]
    private let note: SignedNote

    /// - Parameter old: 0 if the partner holds nothing.
    init(from old: Int64, _ ledger: any Ledger) async throws {
        note = try SignedNote(kept: Array(try await ledger.checkpoint().utf8))
        head = try Checkpoint(body: note.body)
        let proof = old > 0 ? try await ledger.consistencyProof(from: old, to: head.size) : []
        bytes = WitnessRequest(old: old, proof: proof, checkpoint: note).bytes
    }

    /// The note with the partner's countersignature alone under ours, and when the partner saw it, by its clock.
    /// Throws `Malformed` unless a ledger key of the partner signed this very note.
    func countersigned(
        _ lines: [UInt8], by partner: Partner, at now: Instant, _ crypto: any LedgerCrypto
    ) throws(Malformed) -> (note: String, at: Instant) {
        let answered = try note.adding(lines: lines)
        let name = LedgerOrigin.witness(partner.id, partner.fingerprint)
        for raw in partner.usable(.ledger, at: now).compactMap(\.ed25519PublicKey) {
            let key = try NoteKey(name: name, publicKey: raw, crypto, kind: .cosignature)
            let theirs = answered.signatures.first { $0.name == key.name && $0.keyID == key.id }
            guard let theirs, let at = try note.adding(theirs).seen(by: key, crypto) else { continue }
            return (note.adding(theirs).text, at)
        }
        throw Malformed("countersignature", "is not by a ledger key of \(partner.id)")
    }
}
