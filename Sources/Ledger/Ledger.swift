package import Vocabulary

/// The append-only record of all events. The ledger decides; folders follow.
///
/// There is no query language here on purpose: a second implementation must be possible.
package protocol Ledger: Sendable {
    /// Appends all or none, in order, and returns their sequence numbers after the commit is on disk.
    ///
    /// Calls that wait while another commit runs share the next one. Throws `LedgerTrouble`.
    @discardableResult
    func append(_ events: [NewEvent]) async throws -> [Int64]

    func record(_ key: ConsignmentKey) async throws -> ConsignmentRecord?
    /// The newest signed statement stored under this kind, verbatim.
    func statement(_ kind: EventKind, of key: ConsignmentKey) async throws -> [UInt8]?
    /// Every event about a consignment, oldest first.
    func events(of key: ConsignmentKey) async throws -> [StoredEvent]
    /// Newest first. Pages: pass the last record's key to go on.
    func list(_ filter: LedgerFilter, after: ConsignmentKey?, limit: Int) async throws -> [ConsignmentRecord]
    /// How many consignments are in each state.
    func counts() async throws -> [Direction: [ConsignmentState: Int]]

    /// The earliest `Duty.next` first, then by id; at most `limit`.
    func duties(_ filter: DutyFilter, limit: Int) async throws -> [Duty]

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
    /// Events of these kinds that are about no consignment, oldest first; of this partner, or with nil of none.
    func agencyEvents(_ kinds: Set<EventKind>, of partner: AgencyID?) async throws -> [StoredEvent]

    // What others vouch for. The tree does not cover it: each row is signed by somebody else.

    /// Keeps a partner's checkpoint if the newest that we hold of its origin has the size `old` (0: we hold none). False
    /// if another has come first; then nothing changed. On disk when it returns.
    func keep(_ head: WitnessedHead, after old: Int64) async throws -> Bool
    /// The newest checkpoint of every ledger that we have countersigned.
    func witnessed() async throws -> [WitnessedHead]
    func keep(_ checkpoint: Countersigned) async throws
    /// Our own checkpoints under a partner's countersignature that cover at least `size` events, smallest first. Size 0
    /// asks for all; they are thinned with time.
    func countersigned(covering size: Int64, by partner: AgencyID?, limit: Int) async throws -> [Countersigned]
    /// The largest of each partner.
    func newestCountersigned() async throws -> [Countersigned]
    func keep(_ token: TimeToken) async throws
    /// Tokens over checkpoints of at least this size, smallest first.
    func timeTokens(covering size: Int64, limit: Int) async throws -> [TimeToken]
    func newestTimeToken() async throws -> TimeToken?

    // Plain tables: not events, not evidence.

    /// A small fact to be remembered across restarts, such as which card a partner has taken. Nil forgets it.
    func remember(_ name: String, _ value: String?) async throws
    func remembered(_ name: String) async throws -> String?
    /// All whose name begins so.
    func remembered(named prefix: String) async throws -> [String: String]

    func stagingMark(_ key: ConsignmentKey) async throws -> StagingMark?
    func setStagingMark(_ mark: StagingMark) async throws
    /// Also done by the commit that appends `received`, `declined` or `abandoned`.
    func clearStagingMark(_ key: ConsignmentKey) async throws
    func stagingMarks() async throws -> [StagingMark]
    /// Remembers the last attempt at a consignment, for `status`.
    func noteAttempt(_ attempt: Attempt) async throws
    func attempts() async throws -> [Attempt]
}

/// How much of an arrival is surely on disk.
package struct StagingMark: Hashable, Sendable {
    package let key: ConsignmentKey
    /// SHA-256 of the waybill JSON: parts belong to this waybill only.
    package let waybill: Digest
    /// The next part wanted, counting from 1.
    package let next: Int
    package let at: Instant

    package init(key: ConsignmentKey, waybill: Digest, next: Int, at: Instant) {
        self.key = key
        self.waybill = waybill
        self.next = next
        self.at = at
    }
}

/// The last try at an undelivered consignment.
package struct Attempt: Hashable, Sendable {
    package let key: ConsignmentKey
    package let count: Int
    package let lastAt: Instant
    package let nextAt: Instant
    package let why: String

    package init(key: ConsignmentKey, count: Int, lastAt: Instant, nextAt: Instant, why: String) {
        self.key = key
        self.count = count
        self.lastAt = lastAt
        self.nextAt = nextAt
        self.why = why
    }
}

/// What went wrong with the ledger, by what the caller should do.
package enum LedgerTrouble: Error, Hashable, Sendable {
    /// Another process holds it: try again.
    case busy(String)
    /// No space: try again when there is.
    case full(String)
    /// This append alone makes no sense after what is there, such as a delivery of what was withdrawn. Nothing was
    /// written; the ledger is well.
    case refused(String)
    /// Append-only rule, damage or a failed sync: stop the daemon.
    case broken(String)

    /// What happened, for people and logs.
    package var words: String {
        switch self {
        case .busy(let why), .full(let why), .refused(let why), .broken(let why): why
        }
    }

    /// The same of any error.
    package static func words(of error: any Error) -> String { (error as? LedgerTrouble)?.words ?? "\(error)" }
}

extension Ledger {
    /// The proof that an event stands in the ledger, under the newest checkpoint.
    package func proof(of seq: Int64) async throws -> TlogProof {
        let note = try SignedNote(kept: Array(try await checkpoint().utf8))
        let hashes = try await inclusionProof(of: seq, in: try Checkpoint(body: note.body).size)
        return TlogProof(index: seq, hashes: hashes, checkpoint: note)
    }
}
