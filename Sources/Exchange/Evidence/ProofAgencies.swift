internal import Envelope
internal import Ledger
internal import Vocabulary

/// The agencies of a proof: sender and recipient with the cards of the day, and which of them proves, with its newest.
struct ProofAgencies {
    let sender: ProofCard
    let recipient: ProofCard
    let prover: ProofCard
    /// Which way the consignment went, seen from the prover.
    let side: Direction

    init(_ files: ProofFiles) throws(ProofFault) {
        prover = try ProofCard(ProofName.proverCard, in: files)
        sender = try ProofCard(ProofName.senderCard, in: files)
        recipient = try ProofCard(ProofName.recipientCard, in: files)
        guard sender.identity.fingerprint != recipient.identity.fingerprint else {
            throw ProofFault(ProofName.recipientCard, "is by the same identity as \(ProofName.senderCard)")
        }
        switch prover.identity.fingerprint {
        case sender.identity.fingerprint: side = .sent
        case recipient.identity.fingerprint: side = .received
        default: throw ProofFault(ProofName.proverCard, "is neither the sender's nor the recipient's")
        }
        let day = side == .sent ? sender : recipient
        guard prover.card.id == day.card.id else {
            throw ProofFault(ProofName.proverCard, "has another id than \(day.name)")
        }
        guard prover.card.serial >= day.card.serial else {
            throw ProofFault(ProofName.proverCard, "is older than \(day.name)")
        }
    }

    /// The other party, as the prover's ledger names it.
    var partner: AgencyID { (side == .sent ? recipient : sender).card.id }

    var parties: Parties {
        Parties(
            from: sender.card.id, to: recipient.card.id, fromIdentity: sender.identity.fingerprint,
            toIdentity: recipient.identity.fingerprint)
    }

    /// Opens a statement of the sender or the recipient. The prover's newest card may know of a later retirement.
    func open(_ file: String, by author: ProofCard, in files: ProofFiles) throws(ProofFault) -> VerifiedContent {
        let signed = try author.open(files.require(file), named: file)
        if author.identity.fingerprint == prover.identity.fingerprint {
            try prover.requireUnretired(signed.signer, at: signed.signingTime, file)
        }
        return VerifiedContent(file: file, bytes: signed.content, signingTime: signed.signingTime)
    }
}

/// The content of a statement whose signature held.
struct VerifiedContent {
    let file: String
    let bytes: [UInt8]
    let signingTime: Instant

    func requireSigned(at signedAt: Instant) throws(ProofFault) {
        guard signedAt.seconds == signingTime.seconds else {
            throw ProofFault(file, "signedAt is not the time in its signature")
        }
    }
}
