internal import Envelope
internal import Statements
internal import Vocabulary

/// The cards of one agency in a proof: the one in force on the day, then every later one that the prover knew, then what
/// the reader has from the agency itself.
///
///     sender.card  cards/sender-2.card  cards/sender-3.card  ...  and, if it proves, prover.card  and --card
///
/// The pinned identity signed each of them, so they show how keys were replaced and which were retired.
struct ProofHistory {
    let side: ProofName.Side
    let day: ProofCard
    private(set) var later: [ProofCard] = []

    init(_ side: ProofName.Side, in files: ProofFiles) throws(ProofFault) {
        self.side = side
        day = try ProofCard(side.card, in: files)
        for serial in files.names.compactMap({ ProofName.cardNumber($0, side) }).sorted() {
            let card = try ProofCard(ProofName.card(side, serial), in: files)
            guard card.card.serial == serial else { throw ProofFault(card.name, "has another serial than its name") }
            try append(card)
        }
    }

    var id: AgencyID { day.card.id }
    var all: [ProofCard] { [day] + later }
    var newest: ProofCard { later.last ?? day }

    /// Ends the history with the prover's newest card, which may be the one that it ends with already.
    mutating func end(with prover: ProofCard) throws(ProofFault) {
        if prover.card != newest.card { try append(prover) }
    }

    /// By the same identity, of the same agency, younger; and where the number before is at hand, it is named.
    mutating func append(_ card: ProofCard) throws(ProofFault) {
        guard card.identity.fingerprint == day.identity.fingerprint else {
            throw ProofFault(card.name, "is by another identity than \(day.name)")
        }
        guard card.card.id == day.card.id else { throw ProofFault(card.name, "has another id than \(day.name)") }
        guard card.card.serial > newest.card.serial else {
            throw ProofFault(card.name, "is not newer than \(newest.name)")
        }
        if card.card.serial == newest.card.serial + 1, let previous = card.card.previous {
            guard previous == SHA256.digest(newest.signed.bytes) else {
                throw ProofFault(card.name, "does not follow \(newest.name)")
            }
        }
        later.append(card)
    }

    /// Since when a key must not be used, as the earliest of its retirements says; nil: never retired.
    func retirement(of certificate: Certificate) -> Instant? {
        let fingerprint = certificate.fingerprint
        return all.flatMap(\.card.retired).filter { $0.fingerprint == fingerprint }.map(\.at).min()
    }

    /// Keys of the ledger role that the identity vouches for, on whichever card. Dates are not looked at.
    var ledgerCertificates: [Certificate] { all.flatMap(\.signed.ledgerCertificates) }
}
