package import Vocabulary

/// Plain tables beside the events: what is remembered, but is no evidence.
package protocol Notebook: Sendable {
    /// Small facts to be remembered across restarts, such as which card a partner has taken. Nil forgets one. All or
    /// none, on disk when it returns.
    func remember(_ facts: [String: String?]) async throws
    /// All whose name begins so.
    func remembered(named prefix: String) async throws -> [String: String]
    /// A mark is also cleared by the commit that appends `received`, `declined` or `abandoned`.
    func note(_ staging: StagingMark.Change) async throws
    /// Of these arrivals, or with nil of all; the oldest first.
    func stagingMarks(of keys: [ConsignmentKey]?) async throws -> [StagingMark]
    /// Remembers the last attempt at a consignment, for `status`. Forgotten by the commit that ends it.
    func noteAttempt(_ attempt: Attempt) async throws
    /// The oldest first.
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

    /// What becomes of the mark of an arrival.
    package enum Change: Hashable, Sendable {
        /// In place of the one before.
        case set(StagingMark)
        case clear(ConsignmentKey)
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

extension Notebook {
    /// One fact alone.
    package func remember(_ name: String, _ value: String?) async throws { try await remember([name: value]) }
    /// The fact of exactly this name.
    package func remembered(_ name: String) async throws -> String? { try await remembered(named: name)[name] }

    package func stagingMark(_ key: ConsignmentKey) async throws -> StagingMark? {
        try await stagingMarks(of: [key]).first
    }
    package func stagingMarks() async throws -> [StagingMark] { try await stagingMarks(of: nil) }
    package func setStagingMark(_ mark: StagingMark) async throws { try await note(.set(mark)) }
    package func clearStagingMark(_ key: ConsignmentKey) async throws { try await note(.clear(key)) }
}
