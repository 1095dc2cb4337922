internal import Envelope
internal import Exchange
internal import Ledger
internal import Statements
internal import Transport
internal import Vocabulary

/// Judges a partner's wish to have its checkpoint countersigned, by what we hold of it. Reads and writes nothing.
///
///     origin its own? ─► signed by its ledger key? ─► same size: same root? ─► `old` what we hold? ─► grown from there?
struct WitnessJudge: Sendable {
    enum Verdict: Sendable {
        case countersign(ShownCheckpoint, after: Int64)
        /// Prove from this size.
        case holds(Int64, ShownCheckpoint)
        case refused(WitnessRefusal)
        /// What it shows now and what it showed before cannot both be of a ledger that only grows.
        case contradicted(Contradiction)
    }

    let partner: Partner
    let crypto: any LedgerCrypto
    let now: Instant

    /// - Parameter holding: the newest heads of this partner's ledgers.
    func judge(_ request: [UInt8], holding: [WitnessedHead]) -> Verdict {
        guard let request = try? WitnessRequest(parsing: request),
            let checkpoint = try? Checkpoint(body: request.checkpoint.body), checkpoint.size > 0,
            request.old <= checkpoint.size
        else { return .refused(.malformed) }
        guard isOfPartner(checkpoint.origin) else { return .refused(.unknownOrigin) }
        guard let shown = ShownCheckpoint(request.checkpoint, checkpoint, by: partner, at: now, crypto) else {
            return .refused(.unknownKey)
        }
        guard let held = holding.first(where: { $0.checkpoint.origin == checkpoint.origin }) else {
            guard request.old == 0 else { return .holds(0, shown) }
            return request.proof.isEmpty ? .countersign(shown, after: 0) : .refused(.malformed)
        }
        return judge(request, shown, held)
    }

    private func judge(_ request: WitnessRequest, _ shown: ShownCheckpoint, _ held: WitnessedHead) -> Verdict {
        let (new, old) = (shown.checkpoint, held.checkpoint)
        if new.size == old.size, new.root != old.root { return .contradicted(Contradiction(.forked, held, shown)) }
        guard request.old == old.size else { return .holds(old.size, shown) }
        let isGrown = MerkleProof(MerkleHasher(crypto)).verifyConsistency(
            oldSize: old.size, oldRoot: old.root, newSize: new.size, newRoot: new.root, proof: request.proof)
        return isGrown ? .countersign(shown, after: old.size) : .contradicted(Contradiction(.rewritten, held, shown))
    }

    /// `waybill/PARTNER/first 16 hex digits of the pinned identity/UUID`.
    private func isOfPartner(_ origin: String) -> Bool {
        let prefix = LedgerOrigin.witness(partner.id, partner.fingerprint) + "/"
        guard origin.hasPrefix(prefix) else { return false }
        let ledger = String(origin.dropFirst(prefix.count))
        return (try? LedgerOrigin(agency: partner.id, identity: partner.fingerprint, ledger: ledger)) != nil
    }
}

/// A checkpoint whose signature by a ledger key of its partner held; other signatures under it have been dropped.
struct ShownCheckpoint: Sendable {
    let checkpoint: Checkpoint
    let note: SignedNote

    /// Nil if no ledger key of the partner signed it.
    fileprivate init?(
        _ note: SignedNote, _ checkpoint: Checkpoint, by partner: Partner, at now: Instant, _ crypto: any LedgerCrypto
    ) {
        for raw in partner.usable(.ledger, at: now).compactMap(\.ed25519PublicKey) {
            guard let key = try? NoteKey(name: checkpoint.origin, publicKey: raw, crypto),
                (try? note.verify(by: key, crypto)) != nil,
                let signature = note.signatures.first(where: { $0.name == key.name && $0.keyID == key.id })
            else { continue }
            (self.checkpoint, self.note) = (checkpoint, SignedNote(body: note.body).adding(signature))
            return
        }
        return nil
    }
}

/// Two checkpoints of one ledger that cannot both be true.
struct Contradiction: Sendable {
    /// The words stand in the ledger.
    enum Kind: String, Sendable {
        /// The same size with another content: proof that two ledgers go under one name.
        case forked
        /// It did not prove that it grew from what we hold. A later proof that holds takes this back.
        case rewritten
        /// Told which size we hold, it goes on to show a smaller one.
        case shrunk
    }

    let kind: Kind
    let held: WitnessedHead
    let shown: ShownCheckpoint

    init(_ kind: Kind, _ held: WitnessedHead, _ shown: ShownCheckpoint) {
        self.kind = kind
        self.held = held
        self.shown = shown
    }
}
