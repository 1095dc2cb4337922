/// The names that a proof may hold. Everything else in the folder makes it fail: nothing unsigned lies beside a proof.
enum ProofName {
    static let readme = "README.txt"
    static let script = "verify.sh"
    static let sums = "SHA256SUMS"
    static let sumsSignature = "SHA256SUMS.p7s"
    static let waybill = "waybill.p7s"
    static let receipt = "receipt.p7s"
    static let refusal = "refusal.p7s"
    static let senderCard = "sender.card"
    static let recipientCard = "recipient.card"
    static let proverCard = "prover.card"
    static let checkpoint = "checkpoint"
    static let entries = "entries"

    /// Listed in every proof, beside a receipt or a refusal.
    static let required = [readme, script, waybill, senderCard, recipientCard, proverCard, checkpoint]

    /// What a proof holds of one ledger entry.
    enum Part: String, CaseIterable {
        case leaf, salt, detail
        case path = "tlog-proof"
    }

    static func entry(_ seq: Int64, _ part: Part) -> String { "\(entries)/\(seq).\(part.rawValue)" }

    /// The sequence number, if this is the leaf of an entry.
    static func leafNumber(_ name: String) -> Int64? {
        let stem = name.dropFirst(entries.utf8.count + 1).prefix { $0 != "." }
        guard let seq = Int64(stem), seq >= 0, name == entry(seq, .leaf) else { return nil }
        return seq
    }

    /// Whether `SHA256SUMS` may list this name.
    static func isAllowed(_ name: String) -> Bool {
        if required.contains(name) || name == receipt || name == refusal { return true }
        let stem = name.dropFirst(entries.utf8.count + 1).prefix { $0 != "." }
        guard let seq = Int64(stem), seq >= 0 else { return false }
        return Part.allCases.contains { name == entry(seq, $0) }
    }
}
