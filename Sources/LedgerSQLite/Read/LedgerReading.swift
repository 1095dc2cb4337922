package import Ledger
package import Vocabulary

/// A ledger in a file, whoever opened it: every question of the three protocols is answered here, once for all.
package protocol LedgerReading: Ledger {
    var reads: LedgerReads { get }
    /// Where the file lies.
    var path: String { get }
}

// EventLog.
extension LedgerReading {
    package func records(_ keys: [ConsignmentKey]) async throws -> [ConsignmentKey: ConsignmentRecord] {
        try await reads.records(keys)
    }
    package func newest(
        _ kind: EventKind, of keys: [ConsignmentKey]
    ) async throws -> [ConsignmentKey: [UInt8]] { try await reads.newest(kind, of: keys) }
    package func statements(_ kinds: Set<EventKind>, of key: ConsignmentKey) async throws -> [StoredStatement] {
        try await reads.events(of: key, kinds).statements(kinds)
    }
    package func events(of key: ConsignmentKey) async throws -> [StoredEvent] { try await reads.events(of: key) }
    package func agencyEvents(_ kinds: Set<EventKind>, of partner: AgencyID?) async throws -> [StoredEvent] {
        try await reads.agencyEvents(kinds, of: partner)
    }
    package func list(
        _ filter: LedgerFilter, after key: ConsignmentKey? = nil, limit: Int
    ) async throws -> [ConsignmentRecord] {
        try await reads.list(filter, after: key, limit: limit)
    }
    package func counts() async throws -> [Direction: [ConsignmentState: Int]] { try await reads.counts() }
    package func duties(_ filter: DutyFilter, limit: Int) async throws -> [Duty] {
        try await reads.duties(filter, limit: limit)
    }
    /// How many events are committed.
    package func size() async throws -> Int64 {
        try await reads.run { [hasher = reads.hasher] in try StoredTree($0, hasher).size() }
    }
}

// Witnessing.
extension LedgerReading {
    package func inclusionProof(of seq: Int64, in size: Int64) async throws -> [Digest] {
        try await reads.inclusionProof(of: seq, in: size)
    }
    package func consistencyProof(from old: Int64, to new: Int64) async throws -> [Digest] {
        try await reads.consistencyProof(from: old, to: new)
    }
    package func witnessed() async throws -> [WitnessedHead] { try await reads.vouched { try $0.witnessed() } }
    package func countersigned(_ wanted: Countersigned.Wanted) async throws -> [Countersigned] {
        try await reads.vouched { try $0.countersigned(wanted) }
    }
    package func timeTokens(_ wanted: TimeToken.Wanted) async throws -> [TimeToken] {
        try await reads.vouched { try $0.timeTokens(wanted) }
    }
}

// Notebook.
extension LedgerReading {
    package func remembered(named prefix: String) async throws -> [String: String] {
        try await reads.vouched { try $0.remembered(named: prefix) }
    }
    package func stagingMarks(of keys: [ConsignmentKey]?) async throws -> [StagingMark] {
        try await reads.stagingMarks(of: keys)
    }
    package func attempts() async throws -> [Attempt] { try await reads.attempts() }
}
