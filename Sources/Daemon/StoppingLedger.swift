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
}
