internal import Envelope
internal import Ledger
internal import Vocabulary

/// The agencies of a proof: sender and recipient with their cards since that day, and which of them proves.
struct ProofAgencies {
    private(set) var sender: ProofHistory
    private(set) var recipient: ProofHistory
    /// The newest card of whichever of the two made the proof.
    let prover: ProofCard
    /// Which way the consignment went, seen from the prover.
    let side: Direction
    /// Whether the reader has the counterparty's newest card from elsewhere.
    private(set) var hasAsked = false
    /// About cards that the reader has given.
    private(set) var remarks: [String] = []

    init(_ files: ProofFiles, _ known: ProofKnown = ProofKnown()) throws(ProofFault) {
        sender = try ProofHistory(.sender, in: files)
        recipient = try ProofHistory(.recipient, in: files)
        guard sender.day.identity.fingerprint != recipient.day.identity.fingerprint else {
            throw ProofFault(ProofName.recipientCard, "is by the same identity as \(ProofName.senderCard)")
        }
        prover = try ProofCard(ProofName.proverCard, in: files)
        switch prover.identity.fingerprint {
        case sender.day.identity.fingerprint:
            side = .sent
            try sender.end(with: prover)
        case recipient.day.identity.fingerprint:
            side = .received
            try recipient.end(with: prover)
        default: throw ProofFault(ProofName.proverCard, "is neither the sender's nor the recipient's")
        }
        for card in known.cards { try take(ProofCard(ProofKnown.card, card), ofMany: known.areOfMany) }
    }

    /// A card from the agency itself may retire keys that the prover does not know of, or keeps silent about.
    private mutating func take(_ card: ProofCard, ofMany: Bool) throws(ProofFault) {
        switch card.identity.fingerprint {
        case sender.day.identity.fingerprint: sender = try joined(card, to: sender)
        case recipient.day.identity.fingerprint: recipient = try joined(card, to: recipient)
        default:
            if ofMany { return }
            throw ProofFault(ProofKnown.card, "is by neither the sender's nor the recipient's identity")
        }
    }

    private mutating func joined(_ card: ProofCard, to history: ProofHistory) throws(ProofFault) -> ProofHistory {
        var history = history
        let newest = history.newest
        guard card.card.serial >= newest.card.serial else {
            remarks.append("is older than \(newest.name), and says nothing new")
            return history
        }
        if history.side == theirs.side { hasAsked = true }
        if card.card.serial > newest.card.serial {
            try history.append(card)
        } else if card.card != newest.card {
            throw ProofFault(ProofKnown.card, "says something else than \(newest.name), which has the same serial")
        }
        return history
    }

    /// The prover, and the other one, as the prover's ledger names it.
    var ours: ProofHistory { side == .sent ? sender : recipient }
    var theirs: ProofHistory { side == .sent ? recipient : sender }

    /// Who signs a later statement of an event of this kind in the prover's ledger.
    func author(of kind: EventKind) -> ProofHistory {
        switch kind {
        case .said: ours
        case .heard: theirs
        default: sender
        }
    }

    var parties: Parties {
        Parties(
            from: sender.id, to: recipient.id, fromIdentity: sender.day.identity.fingerprint,
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
        let signed = try author.day.open(files.require(file), named: file, by: author.side.rawValue)
        self.file = file
        (bytes, signingTime, signer) = (signed.content, signed.signingTime, signed.signer)
    }

    func requireSigned(at signedAt: Instant) throws(ProofFault) {
        guard signedAt.seconds == signingTime.seconds else {
            throw ProofFault(file, "signedAt is not the time in its signature")
        }
    }
}
