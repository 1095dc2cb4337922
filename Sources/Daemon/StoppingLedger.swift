package import Ledger
package import Vocabulary

/// Stops the daemon when the ledger is broken: a failed sync or damage must never be worked around.
package struct StoppingLedger: Ledger {
    let inner: any Ledger
    let stop: @Sendable (LedgerTrouble) -> Void

    package init(_ inner: any Ledger, stop: @escaping @Sendable (LedgerTrouble) -> Void) {
        self.inner = inner
        self.stop = stop
    }

    private func watched<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let trouble as LedgerTrouble {
            if case .broken = trouble { stop(trouble) }
            throw trouble
        }
    }

    package func append(_ events: [NewEvent]) async throws -> [Int64] {
        try await watched { try await inner.append(events) }
    }
    package func record(_ key: ConsignmentKey) async throws -> ConsignmentRecord? { try await inner.record(key) }
    package func statement(_ kind: EventKind, of key: ConsignmentKey) async throws -> [UInt8]? {
        try await inner.statement(kind, of: key)
    }
    package func events(of key: ConsignmentKey) async throws -> [StoredEvent] { try await inner.events(of: key) }
    package func list(
        _ filter: LedgerFilter, after: ConsignmentKey?, limit: Int
    ) async throws -> [ConsignmentRecord] { try await inner.list(filter, after: after, limit: limit) }
    package func duties(_ filter: DutyFilter, limit: Int) async throws -> [Duty] {
        try await inner.duties(filter, limit: limit)
    }
    package func counts() async throws -> [Direction: [ConsignmentState: Int]] { try await inner.counts() }
    package func checkpoint() async throws -> String { try await inner.checkpoint() }
    package func inclusionProof(of seq: Int64, in size: Int64) async throws -> [Digest] {
        try await inner.inclusionProof(of: seq, in: size)
    }
    package func stagingMark(_ key: ConsignmentKey) async throws -> StagingMark? { try await inner.stagingMark(key) }
    package func setStagingMark(_ mark: StagingMark) async throws {
        try await watched { try await inner.setStagingMark(mark) }
    }
    package func clearStagingMark(_ key: ConsignmentKey) async throws {
        try await watched { try await inner.clearStagingMark(key) }
    }
    package func stagingMarks() async throws -> [StagingMark] { try await inner.stagingMarks() }
    package func noteAttempt(_ attempt: Attempt) async throws {
        try await watched { try await inner.noteAttempt(attempt) }
    }
    package func attempts() async throws -> [Attempt] { try await inner.attempts() }

    package func consistencyProof(from old: Int64, to new: Int64) async throws -> [Digest] {
        try await inner.consistencyProof(from: old, to: new)
    }
    package var origin: LedgerOrigin { get async { await inner.origin } }
    package func beginEpoch(_ facts: [String: JSON], at now: Instant) async throws -> LedgerOrigin {
        try await watched { try await inner.beginEpoch(facts, at: now) }
    }
    package func agencyEvents(_ kinds: Set<EventKind>, of partner: AgencyID?) async throws -> [StoredEvent] {
        try await inner.agencyEvents(kinds, of: partner)
    }
    package func keep(_ head: WitnessedHead, after old: Int64) async throws -> Bool {
        try await watched { try await inner.keep(head, after: old) }
    }
    package func witnessed() async throws -> [WitnessedHead] { try await inner.witnessed() }
    package func keep(_ checkpoint: Countersigned) async throws {
        try await watched { try await inner.keep(checkpoint) }
    }
    package func countersigned(
        covering size: Int64, by partner: AgencyID?, limit: Int
    ) async throws -> [Countersigned] { try await inner.countersigned(covering: size, by: partner, limit: limit) }
    package func newestCountersigned() async throws -> [Countersigned] { try await inner.newestCountersigned() }
    package func keep(_ token: TimeToken) async throws { try await watched { try await inner.keep(token) } }
    package func timeTokens(covering size: Int64, limit: Int) async throws -> [TimeToken] {
        try await inner.timeTokens(covering: size, limit: limit)
    }
    package func newestTimeToken() async throws -> TimeToken? { try await inner.newestTimeToken() }
    package func remember(_ name: String, _ value: String?) async throws {
        try await watched { try await inner.remember(name, value) }
    }
    package func remembered(_ name: String) async throws -> String? { try await inner.remembered(name) }
    package func remembered(named prefix: String) async throws -> [String: String] {
        try await inner.remembered(named: prefix)
    }
}
