internal import Envelope
internal import Ledger
internal import Vocabulary

/// The agencies of a proof: sender and recipient with their cards since that day, and which of them proves.
struct ProofAgencies {
    let sender: ProofHistory
    let recipient: ProofHistory
    /// The newest card of whichever of the two made the proof.
    let prover: ProofCard
    /// Which way the consignment went, seen from the prover.
    let side: Direction

    init(_ files: ProofFiles) throws(ProofFault) {
        prover = try ProofCard(ProofName.proverCard, in: files)
        var sender = try ProofHistory(.sender, in: files)
        var recipient = try ProofHistory(.recipient, in: files)
        guard sender.day.identity.fingerprint != recipient.day.identity.fingerprint else {
            throw ProofFault(ProofName.recipientCard, "is by the same identity as \(ProofName.senderCard)")
        }
        switch prover.identity.fingerprint {
        case sender.day.identity.fingerprint:
            side = .sent
            try sender.end(with: prover, files)
        case recipient.day.identity.fingerprint:
            side = .received
            try recipient.end(with: prover, files)
        default: throw ProofFault(ProofName.proverCard, "is neither the sender's nor the recipient's")
        }
        (self.sender, self.recipient) = (sender, recipient)
    }

    /// The prover, and the other one, as the prover's ledger names it.
    var ours: ProofHistory { side == .sent ? sender : recipient }
    var theirs: ProofHistory { side == .sent ? recipient : sender }

    var parties: Parties {
        Parties(
            from: sender.day.card.id, to: recipient.day.card.id, fromIdentity: sender.day.identity.fingerprint,
            toIdentity: recipient.day.identity.fingerprint)
    }
}

/// The content of a statement whose signature held.
struct VerifiedContent {
    let file: String
    let bytes: [UInt8]
    let signingTime: Instant
    let signer: Certificate

    init(_ file: String, by author: ProofHistory, in files: ProofFiles) throws(ProofFault) {
        let signed = try author.day.open(files.require(file), named: file)
        self.file = file
        (bytes, signingTime, signer) = (signed.content, signed.signingTime, signed.signer)
    }

    func requireSigned(at signedAt: Instant) throws(ProofFault) {
        guard signedAt.seconds == signingTime.seconds else {
            throw ProofFault(file, "signedAt is not the time in its signature")
        }
    }
}
