package import Vocabulary

/// The tree over all events, under which checkpoints it was signed, and what others vouch for.
package protocol Witnessing: Sendable {
    /// Our newest checkpoint as a signed note: covers committed entries only. Signed once a tree size.
    func checkpoint() async throws -> String
    /// Audit path of RFC 6962 section 2.1.1, deepest sibling first, for a leaf in the tree of this size.
    func inclusionProof(of seq: Int64, in size: Int64) async throws -> [Digest]
    /// PROOF(old, D[new]) of RFC 6962 section 2.1.2, for 0 < old <= new <= the present size.
    func consistencyProof(from old: Int64, to new: Int64) async throws -> [Digest]
    /// Which ledger this is now: another one after `beginEpoch`.
    var origin: LedgerOrigin { get async }
    /// Goes on under a new UUID: appends an `epoch` event with these facts and makes the change in one commit.
    func beginEpoch(_ facts: [String: JSON], at now: Instant) async throws -> LedgerOrigin

    // The tree does not cover what follows: each row is signed by somebody else.

    /// Keeps it, on disk when it returns. False if it was a partner's checkpoint and another had come first; then nothing
    /// changed.
    func keep(_ vouched: Vouched) async throws -> Bool
    /// The newest checkpoint of every ledger that we have countersigned.
    func witnessed() async throws -> [WitnessedHead]
    /// Our own checkpoints under partners' countersignatures; they are thinned with time.
    func countersigned(_ wanted: Countersigned.Wanted) async throws -> [Countersigned]
    /// Tokens over checkpoints of ours.
    func timeTokens(_ wanted: TimeToken.Wanted) async throws -> [TimeToken]
}

/// What somebody else has signed and we keep.
package enum Vouched: Hashable, Sendable {
    /// A partner's checkpoint, if the newest that we hold of its origin has the size `after` (0: we hold none).
    case head(WitnessedHead, after: Int64)
    /// A checkpoint of ours under a partner's countersignature. One that is there already stays as it is.
    case countersigned(Countersigned)
    /// A time token. The first over a checkpoint stays.
    case token(TimeToken)
}

extension Countersigned {
    /// Which of them somebody asks for.
    package enum Wanted: Hashable, Sendable {
        /// Those over at least `size` events (0: all), smallest first; of this partner, or with nil of all.
        case covering(Int64, by: AgencyID?, limit: Int)
        /// The largest of each partner.
        case newest
    }
}

extension TimeToken {
    /// Which of them somebody asks for.
    package enum Wanted: Hashable, Sendable {
        /// Those over checkpoints of at least this size, smallest first.
        case covering(Int64, limit: Int)
        /// The one over the largest.
        case newest
    }
}

extension Witnessing {
    /// The proof that an event stands in the ledger, under the newest checkpoint. Throws `LedgerTrouble` if that is older.
    package func proof(of seq: Int64) async throws -> TlogProof {
        let note = try SignedNote(kept: Array(try await checkpoint().utf8))
        let hashes = try await inclusionProof(of: seq, in: try Checkpoint(body: note.body).size)
        return TlogProof(index: seq, hashes: hashes, checkpoint: note)
    }

    /// See `Vouched.head`. False if another has come first; then nothing changed.
    package func keep(_ head: WitnessedHead, after old: Int64) async throws -> Bool {
        try await keep(.head(head, after: old))
    }
    /// See `Vouched.countersigned`.
    package func keep(_ checkpoint: Countersigned) async throws { _ = try await keep(.countersigned(checkpoint)) }
    /// See `Vouched.token`.
    package func keep(_ token: TimeToken) async throws { _ = try await keep(.token(token)) }

    /// See `Countersigned.Wanted`.
    package func countersigned(
        covering size: Int64, by partner: AgencyID? = nil, limit: Int
    ) async throws -> [Countersigned] { try await countersigned(.covering(size, by: partner, limit: limit)) }
    /// The largest of each partner.
    package func newestCountersigned() async throws -> [Countersigned] { try await countersigned(.newest) }
    /// See `TimeToken.Wanted`.
    package func timeTokens(covering size: Int64, limit: Int) async throws -> [TimeToken] {
        try await timeTokens(.covering(size, limit: limit))
    }
    /// The one over the largest checkpoint.
    package func newestTimeToken() async throws -> TimeToken? { try await timeTokens(.newest).first }
}
