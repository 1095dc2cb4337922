package import Ledger
package import Vocabulary

/// What a ledger file answers, whoever opened it. The contracts are those of `Ledger`.
package protocol LedgerReading: Sendable {
    var reads: LedgerReads { get }
    /// Which ledger this is now.
    var origin: LedgerOrigin { get }
    /// Where the file lies.
    var path: String { get }
    /// The newest signed checkpoint at hand.
    func checkpoint() async throws -> String
}

extension LedgerReading {
    package func record(_ key: ConsignmentKey) async throws -> ConsignmentRecord? { try await reads.record(key) }
    package func statement(_ kind: EventKind, of key: ConsignmentKey) async throws -> [UInt8]? {
        try await reads.statement(kind, of: key)
    }
    package func events(of key: ConsignmentKey) async throws -> [StoredEvent] { try await reads.events(of: key) }
    package func list(
        _ filter: LedgerFilter, after key: ConsignmentKey? = nil, limit: Int
    ) async throws -> [ConsignmentRecord] {
        try await reads.list(filter, after: key, limit: limit)
    }
    package func counts() async throws -> [Direction: [ConsignmentState: Int]] { try await reads.counts() }
    package func duties(_ filter: DutyFilter, limit: Int) async throws -> [Duty] {
        try await reads.duties(filter, limit: limit)
    }
    package func inclusionProof(of seq: Int64, in size: Int64) async throws -> [Digest] {
        try await reads.inclusionProof(of: seq, in: size)
    }
    /// PROOF(old, D[new]) of RFC 6962 section 2.1.2. Throws `LedgerTrouble` unless 0 < old <= new <= the present size.
    package func consistencyProof(from old: Int64, to new: Int64) async throws -> [Digest] {
        try await reads.consistencyProof(from: old, to: new)
    }
    /// How many events are committed.
    package func size() async throws -> Int64 {
        try await reads.run { [hasher = reads.hasher] in try StoredTree($0, hasher).size() }
    }
    package func stagingMark(_ key: ConsignmentKey) async throws -> StagingMark? { try await reads.stagingMark(key) }
    package func stagingMarks() async throws -> [StagingMark] { try await reads.stagingMarks() }
    package func attempts() async throws -> [Attempt] { try await reads.attempts() }
    package func agencyEvents(_ kinds: Set<EventKind>, of partner: AgencyID?) async throws -> [StoredEvent] {
        try await reads.agencyEvents(kinds, of: partner)
    }
    package func witnessed() async throws -> [WitnessedHead] { try await reads.vouched { try $0.witnessed() } }
    package func countersigned(
        covering size: Int64, by partner: AgencyID? = nil, limit: Int
    ) async throws -> [Countersigned] {
        try await reads.vouched { try $0.countersigned(covering: size, by: partner, limit: limit) }
    }
    package func newestCountersigned() async throws -> [Countersigned] {
        try await reads.vouched { try $0.newestCountersigned() }
    }
    package func timeTokens(covering size: Int64, limit: Int) async throws -> [TimeToken] {
        try await reads.vouched { try $0.timeTokens(covering: size, limit: limit) }
    }
    package func newestTimeToken() async throws -> TimeToken? { try await reads.vouched { try $0.newestTimeToken() } }
    package func remembered(_ name: String) async throws -> String? {
        try await reads.vouched { try $0.remembered(name) }
    }
    package func remembered(named prefix: String) async throws -> [String: String] {
        try await reads.vouched { try $0.remembered(named: prefix) }
    }
}
