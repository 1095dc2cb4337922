internal import Envelope
internal import Ledger
internal import Vocabulary

extension Ledger {
    /// What was said later about a consignment under these kinds of event, oldest first, as it stands in the ledger.
    func later(_ kinds: Set<EventKind>, of key: ConsignmentKey) async throws -> [LaterStatement] {
        try await statements(kinds, of: key).compactMap { stored in
            try? LaterStatement(kept: StatementVerifier.uncheckedContent(of: stored.bytes))
        }
    }
}

extension LaterStatement.Kind {
    /// Said by daemons, at most once for each consignment; nobody waits for it, and it yields to all that people say.
    var isNews: Bool { self == .handover || self == .uncollected }

    /// The word on which duties are closed by it.
    var ground: String {
        switch self {
        case .handover: "collected"
        case .acceptance: "accepted"
        case .uncollected, .recall, .correction, .destroyed, .retained, .misdirected:
            String(rawValue.prefix { $0 != "/" })
        }
    }
}
