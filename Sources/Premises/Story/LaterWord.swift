internal import Envelope
package import Ledger
internal import LedgerSQLite
package import Vocabulary

/// What one side has said of a consignment after its receipt.
package struct LaterWord: Sendable {
    package let statement: LaterStatement

    /// Nil for a statement of another kind, such as a withdrawal.
    package init?(_ stored: StoredStatement) {
        guard let content = try? StatementVerifier.uncheckedContent(of: stored.bytes),
            let statement = try? LaterStatement(kept: content)
        else { return nil }
        self.statement = statement
    }

    package var facts: [String: JSON] {
        var facts: [String: JSON] = [
            "issuer": .string(statement.issuer.text), "signedAt": .string(statement.signedAt.description),
            "statement": .string(statement.kind.rawValue),
        ]
        facts["because"] = statement.because.isEmpty ? nil : .string(statement.because)
        facts["moment"] = statement.moment.map { .string($0.description) }
        return facts
    }
}

extension LedgerAtHand {
    /// The recipient's newest answer to a recall; nil where there was none, or no answer yet.
    package func recall(of record: ConsignmentRecord) async throws -> LaterStatement.Kind? {
        RecallAnswer.isAsked(record) ? RecallAnswer.of(try await later(record.key)) : nil
    }

    package func later(_ key: ConsignmentKey) async throws -> [LaterWord] {
        try await reader.statements([.said, .heard, .recalled], of: key).compactMap(LaterWord.init)
    }
}

enum RecallAnswer {
    static func isAsked(_ record: ConsignmentRecord) -> Bool {
        record.key.direction == .sent && record.state == .recalled
    }

    static func of(_ words: [LaterWord]) -> LaterStatement.Kind? {
        words.map(\.statement.kind).last { $0 == .retained || $0 == .destroyed }
    }
}
