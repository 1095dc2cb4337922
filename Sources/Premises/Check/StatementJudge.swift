internal import Envelope
internal import Exchange
internal import Ledger
internal import Synchronization
internal import Vocabulary

/// Verifies the signed statements of a ledger, in its order: ours against our identity, a partner's against the identity
/// that was pinned for it at that point of the ledger.
final class StatementJudge: Sendable {
    private let us: AgencyID
    private let identity: Certificate
    private let partners: Mutex<[AgencyID: Certificate]>
    private let pins: [AgencyID: Fingerprint]
    /// Keys that cards retired, ours and theirs, as far as the ledger has been read.
    private let retired = Mutex<[Fingerprint: Instant]>([:])

    init(_ ours: OurCard, _ shelf: PartnerShelf) throws {
        (us, identity) = (ours.card.id, ours.identity)
        let loaded = try shelf.load().partners
        partners = Mutex(Dictionary(loaded.map { ($0.id, $0.identity) }) { first, _ in first })
        pins = Dictionary(loaded.map { ($0.id, $0.fingerprint) }) { first, _ in first }
    }

    /// What is wrong with a statement; nil: nothing.
    func judge(_ kind: EventKind, _ statement: [UInt8], _ partner: AgencyID?) -> String? {
        do {
            try look(kind, statement, partner)
            return nil
        } catch {
            return "its statement does not hold: \(error)"
        }
    }

    /// Partners whose pin on disk is not the identity that the ledger recorded last.
    var pinProblems: [String] {
        let known = partners.withLock { $0 }
        return pins.keys.sorted().compactMap { id in
            guard let recorded = known[id]?.fingerprint, recorded != pins[id] else { return nil }
            return "partner \(id): the identity pinned on disk is not the one that the ledger recorded"
        }
    }

    private func look(_ kind: EventKind, _ statement: [UInt8], _ partner: AgencyID?) throws {
        guard let partner else { return kind == .cardChanged ? try takeOurs(statement) : () }
        switch kind {
        case .partnerAdded: try takeCard(statement, of: partner)
        case .cardChanged:
            let theirs = try StatementVerifier.uncheckedSigner(ofCard: statement)
            guard try theirs.fingerprint == identity(of: partner).fingerprint else {
                throw Malformed("card", "is of another identity than the one that a person confirmed")
            }
            try takeCard(statement, of: partner)
        case .signed, .sentBefore: try lookAtWaybill(statement, .sent, partner)
        case .publishing, .receivedBefore: try lookAtWaybill(statement, .received, partner)
        case .delivered: try lookAtReceipt(statement, .sent, partner)
        case .received: try lookAtReceipt(statement, .received, partner)
        case .refused: try lookAtRefusal(statement, .sent, partner)
        case .declined: try lookAtRefusal(statement, .received, partner)
        case .said, .recalled: try lookAtLater(statement, areOurs: true, partner)
        case .heard: try lookAtLater(statement, areOurs: false, partner)
        case .withdrawn: try lookAtWithdrawal(statement, .sent, partner)
        case .abandoned: try lookAtWithdrawal(statement, .received, partner)
        default: try lookAtAny(statement, partner)
        }
    }

    private func takeCard(_ signed: [UInt8], of partner: AgencyID) throws {
        let theirs = try StatementVerifier.uncheckedSigner(ofCard: signed)
        let at = try StatementVerifier.uncheckedSigningTime(of: signed)
        let card = try Card(kept: StatementVerifier.verify(signed, identity: theirs, role: nil, at: at).content)
        guard card.id == partner else { throw Malformed("card", "is of another agency") }
        note(card.retired)
        partners.withLock { $0[partner] = theirs }
    }

    private func takeOurs(_ signed: [UInt8]) throws {
        let at = try StatementVerifier.uncheckedSigningTime(of: signed)
        let verified = try StatementVerifier.verify(signed, identity: identity, role: nil, at: at)
        let card = try Card(kept: verified.content)
        guard card.id == us else { throw Malformed("card", "is of another agency") }
        note(card.retired)
    }

    private func note(_ list: [Card.Retired]) {
        retired.withLock { known in for key in list { known[key.fingerprint] = key.at } }
    }

    private func lookAtWaybill(_ signed: [UInt8], _ direction: Direction, _ partner: AgencyID) throws {
        let verified = try verify(signed, by: direction == .sent ? identity : identity(of: partner))
        let waybill = try Waybill(kept: verified.content)
        try require(waybill.signedAt, waybill.parties, verified, direction, partner)
    }

    private func lookAtReceipt(_ signed: [UInt8], _ direction: Direction, _ partner: AgencyID) throws {
        let verified = try verify(signed, by: direction == .sent ? identity(of: partner) : identity)
        let receipt = try Receipt(kept: verified.content)
        try require(receipt.signedAt, receipt.parties, verified, direction, partner)
    }

    private func lookAtRefusal(_ signed: [UInt8], _ direction: Direction, _ partner: AgencyID) throws {
        let verified = try verify(signed, by: direction == .sent ? identity(of: partner) : identity)
        let refusal = try Refusal(kept: verified.content)
        try require(refusal.signedAt, refusal.parties, verified, direction, partner)
    }

    private func lookAtWithdrawal(_ signed: [UInt8], _ direction: Direction, _ partner: AgencyID) throws {
        let verified = try verify(signed, by: direction == .sent ? identity : identity(of: partner))
        let withdrawal = try Withdrawal(kept: verified.content)
        try require(withdrawal.signedAt, withdrawal.parties, verified, direction, partner)
    }

    private func lookAtLater(_ signed: [UInt8], areOurs: Bool, _ partner: AgencyID) throws {
        let verified = try verify(signed, by: areOurs ? identity : identity(of: partner))
        let statement = try LaterStatement(kept: verified.content)
        let direction: Direction = statement.kind.isSenders == areOurs ? .sent : .received
        try require(statement.signedAt, statement.parties, verified, direction, partner)
    }

    /// Incidents carry what was strange: our refusal, or a second card of theirs.
    private func lookAtAny(_ signed: [UInt8], _ partner: AgencyID) throws {
        if (try? verify(signed, by: identity)) != nil { return }
        let theirs = try identity(of: partner)
        if (try? verify(signed, by: theirs)) != nil { return }
        let at = try StatementVerifier.uncheckedSigningTime(of: signed)
        _ = try StatementVerifier.verify(signed, identity: theirs, role: nil, at: at)
    }

    private func identity(of partner: AgencyID) throws -> Certificate {
        guard let known = partners.withLock({ $0[partner] }) else {
            throw Malformed("statement", "no card of \(partner) is left to check it by")
        }
        return known
    }

    private func verify(_ signed: [UInt8], by identity: Certificate) throws -> VerifiedStatement {
        let at = try StatementVerifier.uncheckedSigningTime(of: signed)
        let verified = try StatementVerifier.verify(signed, identity: identity, role: .signing, at: at)
        // What stands before the card that retires its key was signed before, whatever happened to the key since.
        if let end = retired.withLock({ $0[verified.signer.fingerprint] }), end <= verified.signingTime {
            throw Malformed("statement", "is signed with a key that was retired at \(end)")
        }
        return verified
    }

    private func require(
        _ signedAt: Instant, _ parties: Parties, _ verified: VerifiedStatement, _ direction: Direction,
        _ partner: AgencyID
    ) throws {
        try verified.requireDate(signedAt)
        let theirs = try identity(of: partner).fingerprint
        let ours = identity.fingerprint
        let expected =
            switch direction {
            case .sent: Parties(from: us, to: partner, fromIdentity: ours, toIdentity: theirs)
            case .received: Parties(from: partner, to: us, fromIdentity: theirs, toIdentity: ours)
            }
        guard parties == expected else { throw Malformed("statement", "names other parties than its entry") }
    }
}
