internal import Envelope
internal import Ledger
internal import Vocabulary

/// The prover's ledger as far as a proof shows it: a checkpoint, and entries that stand in it.
struct ProofLedger {
    let head: Checkpoint
    private let note: SignedNote
    private let key: NoteKey
    private let crypto = LentCrypto()

    /// - Parameter moment: when the proof was signed; the checkpoint's key must not have been retired by then.
    init(_ files: ProofFiles, _ prover: ProofCard, at moment: Instant) throws(ProofFault) {
        let name = ProofName.checkpoint
        do {
            note = try SignedNote(parsing: files.require(name))
            let origin = try Checkpoint(body: note.body).origin
            let expected = "waybill/\(prover.card.id)/\(prover.identity.fingerprint.hex.prefix(16))/"
            guard origin.hasPrefix(expected) else { throw ProofFault(name, "is not of the prover's ledger") }
            let (certificate, key) = try Self.signer(of: note, origin, prover, crypto)
            head = try Checkpoint(verifying: note, by: key, crypto)
            try prover.requireUnretired(certificate, at: moment, name)
            self.key = key
        } catch {
            throw ProofFault(of: error, in: name)
        }
    }

    private static func signer(
        of note: SignedNote, _ origin: String, _ prover: ProofCard, _ crypto: LentCrypto
    ) throws -> (Certificate, NoteKey) {
        for certificate in prover.ledgerCertificates {
            guard let raw = certificate.ed25519PublicKey else { continue }
            let key = try NoteKey(name: origin, publicKey: raw, crypto)
            let isSigned = note.signatures.contains { $0.name == origin && $0.keyID == key.id }
            if isSigned { return (certificate, key) }
        }
        throw ProofFault(ProofName.checkpoint, "is signed by a ledger key that is not in \(ProofName.proverCard)")
    }

    /// Checks one entry: about this consignment, committed to by its leaf, standing in the tree.
    func entry(
        _ seq: Int64, in files: ProofFiles, about id: ConsignmentID, with partner: AgencyID
    ) throws(ProofFault) -> ProofEntry {
        let name = ProofName.entry(seq, .leaf)
        let leaf: Leaf
        do { leaf = try Leaf(parsing: files.require(name)) } catch { throw ProofFault(of: error, in: name) }
        guard leaf.seq == seq, leaf.consignment == id, leaf.partner == partner else {
            throw ProofFault(name, "is not entry \(seq) about this consignment and this partner")
        }
        let detail = try detail(of: leaf, in: files)
        try requireStanding(leaf, in: files)
        return ProofEntry(leaf: leaf, detail: detail)
    }

    private func detail(of leaf: Leaf, in files: ProofFiles) throws(ProofFault) -> EventDetail? {
        let name = ProofName.entry(leaf.seq, .detail)
        guard let bytes = files[name] else { return nil }
        let saltName = ProofName.entry(leaf.seq, .salt)
        let text = try files.require(saltName)
        let digits = String(decoding: text.dropLast(), as: UTF8.self)
        guard text.count == 65, text.last == 0x0a, let salt = Hex.decode(digits) else {
            throw ProofFault(saltName, "is not a salt")
        }
        guard HMAC.sha256(key: salt, bytes) == leaf.commitment else {
            throw ProofFault(name, "is not what its leaf commits to")
        }
        do { return try EventDetail(parsing: bytes) } catch { throw ProofFault(of: error, in: name) }
    }

    private func requireStanding(_ leaf: Leaf, in files: ProofFiles) throws(ProofFault) {
        let name = ProofName.entry(leaf.seq, .path)
        do {
            let proof = try TlogProof(parsing: files.require(name))
            guard proof.index == leaf.seq, proof.checkpoint == note else {
                throw ProofFault(name, "is not of this checkpoint")
            }
            try proof.verify(leaf: leaf.bytes, by: key, crypto)
        } catch {
            throw ProofFault(of: error, in: name)
        }
    }
}

/// An entry that stands in the ledger; without detail once that has been erased.
struct ProofEntry {
    let leaf: Leaf
    let detail: EventDetail?

    /// The file of the proof that holds the statement which an event of this kind carries.
    var statementName: String? {
        switch leaf.kind {
        case .signed, .publishing: ProofName.waybill
        case .delivered, .received: ProofName.receipt
        case .refused, .declined: ProofName.refusal
        default: nil
        }
    }
}

/// What the ledger's checks need of `Envelope`.
private struct LentCrypto: LedgerCrypto {
    func sha256(_ bytes: [UInt8]) -> Digest { SHA256.digest(bytes) }
    func hmac(key: [UInt8], _ bytes: [UInt8]) -> Digest { HMAC.sha256(key: key, bytes) }
    func salt() -> [UInt8] { Random.bytes(32) }
    func verify(_ signature: [UInt8], over message: [UInt8], by publicKey: [UInt8]) -> Bool {
        Ed25519.verify(signature, over: message, publicKey: publicKey)
    }
}
