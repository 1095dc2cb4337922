internal import Envelope
internal import Ledger
internal import Statements
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

    /// - Parameter loaded: as they lie on disk.
    init(_ ours: SignedCard, _ loaded: [Partner]) {
        (us, identity) = (ours.card.id, ours.identity)
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
        case .partnerAdded: try takeCard(SignedCard(statement), of: partner)
        case .cardChanged:
            let theirs = try SignedCard(statement)
            guard try theirs.identity.fingerprint == identity(of: partner).fingerprint else {
                throw Malformed("card", "is of another identity than the one that a person confirmed")
            }
            try takeCard(theirs, of: partner)
        case .signed, .sentBefore: try look(statement, as: Waybill.self, areOurs: true, .sent, partner)
        case .publishing, .receivedBefore: try look(statement, as: Waybill.self, areOurs: false, .received, partner)
        case .delivered: try look(statement, as: Receipt.self, areOurs: false, .sent, partner)
        case .received: try look(statement, as: Receipt.self, areOurs: true, .received, partner)
        case .refused: try look(statement, as: Refusal.self, areOurs: false, .sent, partner)
        case .declined: try look(statement, as: Refusal.self, areOurs: true, .received, partner)
        case .said, .recalled: try lookAtLater(statement, areOurs: true, partner)
        case .heard: try lookAtLater(statement, areOurs: false, partner)
        case .withdrawn: try look(statement, as: Withdrawal.self, areOurs: true, .sent, partner)
        case .abandoned: try look(statement, as: Withdrawal.self, areOurs: false, .received, partner)
        default: try lookAtAny(statement, partner)
        }
    }

    private func takeCard(_ theirs: SignedCard, of partner: AgencyID) throws {
        guard theirs.card.id == partner else { throw Malformed("card", "is of another agency") }
        note(theirs.card.retired)
        partners.withLock { $0[partner] = theirs.identity }
    }

    private func takeOurs(_ signed: [UInt8]) throws {
        let ours = try SignedCard(signed)
        guard ours.card.id == us, ours.identity.der == identity.der else {
            throw Malformed("card", "is of another agency")
        }
        note(ours.card.retired)
    }

    private func note(_ list: [Card.Retired]) {
        retired.withLock { known in for key in list { known[key.fingerprint] = key.at } }
    }

    private func look<S: Statement>(
        _ signed: [UInt8], as kind: S.Type, areOurs: Bool, _ direction: Direction, _ partner: AgencyID
    ) throws {
        let author = try author(areOurs ? identity : identity(of: partner))
        try require(author.verify(signed, as: kind, .kept).statement.parties, direction, partner)
    }

    /// Which of the two it is about follows from what it says.
    private func lookAtLater(_ signed: [UInt8], areOurs: Bool, _ partner: AgencyID) throws {
        let author = try author(areOurs ? identity : identity(of: partner))
        let statement = try author.verify(signed, as: LaterStatement.self, .kept).statement
        try require(statement.parties, statement.kind.isSenders == areOurs ? .sent : .received, partner)
    }

    /// Incidents carry what was strange: our refusal, or a second card of theirs.
    private func lookAtAny(_ signed: [UInt8], _ partner: AgencyID) throws {
        if (try? author(identity).open(signed)) != nil { return }
        let theirs = try identity(of: partner)
        if (try? author(theirs).open(signed)) != nil { return }
        _ = try StatementVerifier.verify(signed, identity: theirs, role: nil)
    }

    private func identity(of partner: AgencyID) throws -> Certificate {
        guard let known = partners.withLock({ $0[partner] }) else {
            throw Malformed("statement", "no card of \(partner) is left to check it by")
        }
        return known
    }

    /// What stands before the card that retires its key was signed before, whatever happened to the key since.
    private func author(_ identity: Certificate) -> Author { Author(identity, .countBefore(retired.withLock { $0 })) }

    private func require(_ parties: Parties, _ direction: Direction, _ partner: AgencyID) throws {
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
