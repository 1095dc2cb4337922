internal import Envelope
internal import Ledger
internal import Vocabulary

/// A head of the prover's ledger that a proof shows, and when the counterparty saw it.
struct ProofHead {
    let name: String
    let checkpoint: Checkpoint
    /// Whose key signed it, among those on the prover's cards.
    let signer: Certificate
    /// The second in which the counterparty countersigned it; the earliest, should there be several.
    let seen: Instant?
    /// What stands under it and does not count, with the reason.
    let remarks: [String]
    private let note: SignedNote
    private let key: NoteKey
    private let crypto = LentCrypto()

    init(_ name: String, in files: ProofFiles, _ agencies: ProofAgencies) throws(ProofFault) {
        self.name = name
        do {
            note = try SignedNote(kept: files.require(name))
            let origin = try Checkpoint(body: note.body).origin
            let ours = agencies.ours.day
            guard origin.hasPrefix(LedgerOrigin.witness(ours.card.id, ours.identity.fingerprint) + "/") else {
                throw ProofFault(name, "is not of the prover's ledger")
            }
            (signer, key) = try Self.signer(of: note, origin, agencies.ours, crypto)
            checkpoint = try Checkpoint(verifying: note, by: key, crypto)
            let witnesses = try ProofWitness.all(of: agencies.theirs, crypto)
            (seen, remarks) = try Self.countersignatures(name, note, origin, witnesses, crypto)
        } catch {
            throw ProofFault(of: error, in: name)
        }
    }

    private static func signer(
        of note: SignedNote, _ origin: String, _ ours: ProofHistory, _ crypto: LentCrypto
    ) throws -> (Certificate, NoteKey) {
        for certificate in ours.ledgerCertificates {
            guard let raw = certificate.ed25519PublicKey else { continue }
            let key = try NoteKey(name: origin, publicKey: raw, crypto)
            let isSigned = note.signatures.contains { $0.name == origin && $0.keyID == key.id }
            if isSigned { return (certificate, key) }
        }
        throw Malformed("checkpoint", "is signed by a ledger key that is on no card of the prover's")
    }

    /// Every signature but the ledger's own: the counterparty's must be right, whoever else's is named and not counted.
    private static func countersignatures(
        _ name: String, _ note: SignedNote, _ origin: String, _ witnesses: [ProofWitness],
        _ crypto: LentCrypto
    ) throws -> (Instant?, [String]) {
        var (times, remarks): ([Instant], [String]) = ([], [])
        for signature in note.signatures where signature.name != origin {
            let known = witnesses.filter { $0.key.name == signature.name && $0.key.id == signature.keyID }
            guard let key = known.first?.key else {
                remarks.append("the countersignature by \(signature.name) is unknown here and does not count")
                continue
            }
            // Eight bytes could hold times that no clock has; this many end in the year 4147.
            guard signature.bytes.count == 72, Int(signature.bytes[0]) + Int(signature.bytes[1]) == 0,
                signature.bytes[2] == 0, signature.bytes[3] < 16
            else { throw ProofFault(name, "the countersignature by \(key.name) is wrong") }
            let seen: Instant?
            do { seen = try note.seen(by: key, crypto) } catch {
                throw ProofFault(name, "the countersignature by \(key.name) is wrong")
            }
            guard let at = seen else { continue }
            if let reason = ProofWitness.objection(known, at: at) {
                remarks.append("the countersignature by \(key.name) does not count: \(reason)")
            } else {
                times.append(at)
            }
        }
        return (times.min(), remarks)
    }

    /// The key that signed it must not have been retired before the proof was made, unless somebody saw it before.
    func requireUnretired(_ ours: ProofHistory, _ proved: Instant, _ seen: Instant?) throws(ProofFault) {
        guard let retired = ours.retirement(of: signer), retired.seconds <= proved.seconds else { return }
        if let seen, seen.seconds < retired.seconds { return }
        throw ProofFault(name, "the key that signed it was retired at \(retired)")
    }

    /// Whether it may be shown in any later proof, having been seen at this time.
    func isUsable(_ ours: ProofHistory, _ seen: Instant) -> Bool {
        ours.retirement(of: signer).map { seen.seconds < $0.seconds } ?? true
    }

    /// Requires that this leaf stands below this head.
    func requireStanding(_ leaf: Leaf, _ part: ProofName.Part, in files: ProofFiles) throws(ProofFault) {
        let file = ProofName.entry(leaf.seq, part)
        do {
            let proof = try TlogProof(parsing: files.require(file))
            guard proof.index == leaf.seq, proof.checkpoint == note else {
                throw ProofFault(file, "is not of \(name)")
            }
            try proof.verify(leaf: leaf.bytes, by: key, crypto)
        } catch {
            throw ProofFault(of: error, in: file)
        }
    }

    /// What was stamped.
    var body: [UInt8] { Array(note.body.utf8) }
}

/// A key with which an agency countersigns, on one of its cards.
private struct ProofWitness {
    let key: NoteKey
    let certificate: Certificate
    let retired: Instant?

    static func all(of agency: ProofHistory, _ crypto: LentCrypto) throws -> [ProofWitness] {
        let name = LedgerOrigin.witness(agency.day.card.id, agency.day.identity.fingerprint)
        return try agency.ledgerCertificates.compactMap { certificate in
            guard let raw = certificate.ed25519PublicKey else { return nil }
            return ProofWitness(
                key: try NoteKey(name: name, publicKey: raw, crypto, kind: .cosignature), certificate: certificate,
                retired: agency.retirement(of: certificate))
        }
    }

    /// Why a countersignature by one key does not count. The key may stand on several cards, certified anew.
    ///
    /// A key that was retired, at whatever time, may be somebody else's now, who signs with it under an earlier date.
    static func objection(_ known: [ProofWitness], at: Instant) -> String? {
        guard known.contains(where: { $0.certificate.isValid(at: at) }) else {
            return "its key had no valid certificate at that time"
        }
        return (known.first?.retired).map { "its key was retired at \($0)" }
    }
}

/// What the ledger's checks need of `Envelope`.
struct LentCrypto: LedgerCrypto {
    func sha256(_ bytes: [UInt8]) -> Digest { SHA256.digest(bytes) }
    func hmac(key: [UInt8], _ bytes: [UInt8]) -> Digest { HMAC.sha256(key: key, bytes) }
    func salt() -> [UInt8] { Random.bytes(32) }
    func verify(_ signature: [UInt8], over message: [UInt8], by publicKey: [UInt8]) -> Bool {
        Ed25519.verify(signature, over: message, publicKey: publicKey)
    }
}
