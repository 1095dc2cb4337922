internal import Ledger
internal import LedgerSQLite
internal import Vocabulary

/// A ledger opened for reading, for desks that ask for a `Ledger` and only read.
struct ReadOnlyLedger: Ledger {
    let reader: LedgerReader
    private static let refusal = LedgerTrouble.broken("the ledger is open for reading only")

    func append(_ events: [NewEvent]) async throws -> [Int64] { throw Self.refusal }
    func record(_ key: ConsignmentKey) async throws -> ConsignmentRecord? { try await reader.record(key) }
    func statement(_ kind: EventKind, of key: ConsignmentKey) async throws -> [UInt8]? {
        try await reader.statement(kind, of: key)
    }
    func events(of key: ConsignmentKey) async throws -> [StoredEvent] { try await reader.events(of: key) }
    func list(_ filter: LedgerFilter, after: ConsignmentKey?, limit: Int) async throws -> [ConsignmentRecord] {
        try await reader.list(filter, after: after, limit: limit)
    }
    func duties(_ filter: DutyFilter, limit: Int) async throws -> [Duty] {
        try await reader.duties(filter, limit: limit)
    }
    func counts() async throws -> [Direction: [ConsignmentState: Int]] { try await reader.counts() }
    func checkpoint() async throws -> String { try await reader.checkpoint() }
    func inclusionProof(of seq: Int64, in size: Int64) async throws -> [Digest] {
        try await reader.inclusionProof(of: seq, in: size)
    }
    func stagingMark(_ key: ConsignmentKey) async throws -> StagingMark? { try await reader.stagingMark(key) }
    func setStagingMark(_ mark: StagingMark) async throws { throw Self.refusal }
    func clearStagingMark(_ key: ConsignmentKey) async throws { throw Self.refusal }
    func stagingMarks() async throws -> [StagingMark] { try await reader.stagingMarks() }
    func noteAttempt(_ attempt: Attempt) async throws { throw Self.refusal }
    func attempts() async throws -> [Attempt] { try await reader.attempts() }

    func consistencyProof(from old: Int64, to new: Int64) async throws -> [Digest] {
        try await reader.consistencyProof(from: old, to: new)
    }
    var origin: LedgerOrigin { reader.origin }
    func beginEpoch(_ facts: [String: JSON], at now: Instant) async throws -> LedgerOrigin { throw Self.refusal }
    func agencyEvents(_ kinds: Set<EventKind>, of partner: AgencyID?) async throws -> [StoredEvent] {
        try await reader.agencyEvents(kinds, of: partner)
    }
    func keep(_ head: WitnessedHead, after old: Int64) async throws -> Bool { throw Self.refusal }
    func witnessed() async throws -> [WitnessedHead] { try await reader.witnessed() }
    func keep(_ checkpoint: Countersigned) async throws { throw Self.refusal }
    func countersigned(
        covering size: Int64, by partner: AgencyID?, limit: Int
    ) async throws -> [Countersigned] { try await reader.countersigned(covering: size, by: partner, limit: limit) }
    func newestCountersigned() async throws -> [Countersigned] { try await reader.newestCountersigned() }
    func keep(_ token: TimeToken) async throws { throw Self.refusal }
    func timeTokens(covering size: Int64, limit: Int) async throws -> [TimeToken] {
        try await reader.timeTokens(covering: size, limit: limit)
    }
    func newestTimeToken() async throws -> TimeToken? { try await reader.newestTimeToken() }
    func remember(_ name: String, _ value: String?) async throws { throw Self.refusal }
    func remembered(_ name: String) async throws -> String? { try await reader.remembered(name) }
    func remembered(named prefix: String) async throws -> [String: String] {
        try await reader.remembered(named: prefix)
    }
}
