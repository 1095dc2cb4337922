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

    // Plain tables: not events, not evidence.

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
}

extension Ledger {
    /// The proof that an event stands in the ledger, under the newest checkpoint.
    package func proof(of seq: Int64) async throws -> TlogProof {
        let note = try SignedNote(parsing: Array(try await checkpoint().utf8))
        let hashes = try await inclusionProof(of: seq, in: try Checkpoint(body: note.body).size)
        return TlogProof(index: seq, hashes: hashes, checkpoint: note)
    }
}
