package import Vocabulary

/// The append-only record of all events, and what follows from them. The ledger decides; folders follow.
///
/// There is no query language here on purpose: a second implementation must be possible.
package protocol EventLog: Sendable {
    /// Appends groups of events in one commit, each group whole and in order or not at all. Returns after it is on disk.
    ///
    /// For each group its sequence numbers, or why it alone was left out: `.refused` if it makes no sense after the
    /// groups before it and what is there. The others are written all the same. Calls that wait while another commit
    /// runs share the next one. Throws `LedgerTrouble` if nothing was written.
    func append(each groups: [[NewEvent]]) async throws -> [Result<[Int64], LedgerTrouble>]

    /// Of these consignments, those that have one.
    func records(_ keys: [ConsignmentKey]) async throws -> [ConsignmentKey: ConsignmentRecord]
    /// Of these consignments, the newest signed statement stored under this kind, verbatim, of those that have one.
    func newest(_ kind: EventKind, of keys: [ConsignmentKey]) async throws -> [ConsignmentKey: [UInt8]]
    /// Every statement about a consignment stored under these kinds, oldest first, such as `[.said, .heard]`.
    func statements(_ kinds: Set<EventKind>, of key: ConsignmentKey) async throws -> [StoredStatement]
    /// Every event about a consignment, oldest first.
    func events(of key: ConsignmentKey) async throws -> [StoredEvent]
    /// Events of these kinds that are about no consignment, oldest first; of this partner, or with nil of none.
    func agencyEvents(_ kinds: Set<EventKind>, of partner: AgencyID?) async throws -> [StoredEvent]
    /// Newest first. Pages: pass the last record's key to go on.
    func list(_ filter: LedgerFilter, after: ConsignmentKey?, limit: Int) async throws -> [ConsignmentRecord]
    /// How many consignments are in each state.
    func counts() async throws -> [Direction: [ConsignmentState: Int]]
    /// The earliest `Duty.next` first, then by id; at most `limit`.
    func duties(_ filter: DutyFilter, limit: Int) async throws -> [Duty]
}

extension EventLog {
    /// Appends all or none, in order, and returns their sequence numbers after the commit is on disk.
    ///
    /// Throws `LedgerTrouble`.
    @discardableResult
    package func append(_ events: [NewEvent]) async throws -> [Int64] {
        if events.isEmpty { return [] }
        guard let answer = try await append(each: [events]).first else { return [] }
        return try answer.get()
    }

    /// The newest signed statement stored under this kind, verbatim.
    package func statement(_ kind: EventKind, of key: ConsignmentKey) async throws -> [UInt8]? {
        try await newest(kind, of: [key])[key]
    }

    /// Nil if there is no such consignment.
    package func record(_ key: ConsignmentKey) async throws -> ConsignmentRecord? { try await records([key])[key] }
}
