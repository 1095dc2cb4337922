package import Vocabulary

/// A signed statement as it stands in the ledger.
package struct StoredStatement: Hashable, Sendable {
    /// Of the event that carries it.
    package let seq: Int64
    package let kind: EventKind
    /// When it was recorded here; when it was signed stands in it.
    package let at: Instant
    /// DER, verbatim.
    package let bytes: [UInt8]

    /// Nil for an event that carries no statement, or whose detail has been erased. Throws if the detail is damaged.
    package init?(_ event: StoredEvent) throws(Malformed) {
        guard let detail = event.detail else { return nil }
        bytes = try EventDetail(parsing: detail).statement
        if bytes.isEmpty { return nil }
        (seq, kind, at) = (event.seq, event.leaf.kind, event.leaf.at)
    }
}

extension Sequence<StoredEvent> {
    /// The statements that these events carry under any of the kinds, in the same order.
    package func statements(_ kinds: Set<EventKind>) throws(Malformed) -> [StoredStatement] {
        var statements: [StoredStatement] = []
        for event in self where kinds.contains(event.leaf.kind) {
            if let statement = try StoredStatement(event) { statements.append(statement) }
        }
        return statements
    }
}
