/// The names that a proof may hold. Everything else in the folder makes it fail: nothing unsigned lies beside a proof.
enum ProofName {
    /// Which form a proof has. The first form had no such file.
    static let version = "version"
    static let versionText = Array("waybill-proof/v2\n".utf8)
    static let readme = "README.txt"
    static let record = "record.html"
    static let script = "verify.sh"
    static let sums = "SHA256SUMS"
    static let sumsSignature = "SHA256SUMS.p7s"
    static let waybill = "waybill.p7s"
    static let receipt = "receipt.p7s"
    static let refusal = "refusal.p7s"
    static let senderCard = "sender.card"
    static let recipientCard = "recipient.card"
    static let proverCard = "prover.card"
    /// The head that the counterparty countersigned, or the newest.
    static let checkpoint = "checkpoint"
    /// A newer head, if there are entries that the other does not cover.
    static let laterHead = "checkpoint.later"
    /// The head that a time authority stamped, its token, and the certificates that the token leads to.
    static let stamped = "checkpoint.stamped"
    static let token = "timestamp.tsr"
    static let authority = "tsa.pem"
    static let entries = "entries"
    static let cards = "cards"
    /// What was signed after the answer, each by the number of the entry that holds it.
    static let later = "later"
    static let folders = [entries, cards, later]

    /// Listed in every proof, beside a receipt or a refusal.
    static let required = [readme, record, script, waybill, senderCard, recipientCard, proverCard, checkpoint]
    /// All or none of them.
    static let stamp = [stamped, token, authority]
    private static let optional = stamp + [version, receipt, refusal, laterHead]

    /// What a proof holds of one ledger entry.
    enum Part: String, CaseIterable {
        case leaf, salt, detail
        /// Its place in `checkpoint`, or in `checkpoint.later` if that alone covers it.
        case path = "tlog-proof"
        /// Its place in `checkpoint.stamped`.
        case stamped
    }

    /// Whose cards.
    enum Side: String, CaseIterable {
        case sender, recipient

        /// Of that day.
        var card: String { rawValue + ".card" }
    }

    /// A later card by its serial.
    static func card(_ side: Side, _ serial: Int64) -> String { "\(cards)/\(side.rawValue)-\(serial).card" }

    static func cardNumber(_ name: String, _ side: Side) -> Int64? {
        let stem = name.dropFirst(card(side, 0).utf8.count - 6).prefix { $0 != "." }
        guard let serial = Int64(stem), serial >= 0, name == card(side, serial) else { return nil }
        return serial
    }

    static func entry(_ seq: Int64, _ part: Part) -> String { "\(entries)/\(seq).\(part.rawValue)" }

    static func later(_ seq: Int64) -> String { "\(later)/\(seq).p7s" }

    static func laterNumber(_ name: String) -> Int64? {
        let stem = name.dropFirst(later.utf8.count + 1).prefix { $0 != "." }
        guard let seq = Int64(stem), seq >= 0, name == later(seq) else { return nil }
        return seq
    }

    /// The sequence number, if this is the leaf of an entry.
    static func leafNumber(_ name: String) -> Int64? {
        let stem = name.dropFirst(entries.utf8.count + 1).prefix { $0 != "." }
        guard let seq = Int64(stem), seq >= 0, name == entry(seq, .leaf) else { return nil }
        return seq
    }

    /// Whether `SHA256SUMS` may list this name.
    static func isAllowed(_ name: String) -> Bool {
        if required.contains(name) || optional.contains(name) { return true }
        if Side.allCases.contains(where: { cardNumber(name, $0) != nil }) || laterNumber(name) != nil { return true }
        let stem = name.dropFirst(entries.utf8.count + 1).prefix { $0 != "." }
        guard let seq = Int64(stem), seq >= 0 else { return false }
        return Part.allCases.contains { name == entry(seq, $0) }
    }
}
