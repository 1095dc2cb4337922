internal import Envelope
internal import Ledger
internal import Vocabulary

/// A statement about the consignment that was made after its waybill, as an entry of the prover's ledger holds it: signed
/// by whoever that entry says, between these agencies, about this waybill.
struct ProofLater {
    let seq: Int64
    let signed: VerifiedContent
    let author: ProofHistory
    /// What happened, in a word.
    let word: String
    /// Who signed it and when, and what else it says.
    let text: String

    private static let words: [LaterStatement.Kind: String] = [
        .recall: "recalled", .correction: "corrected", .destroyed: "destroyed", .retained: "retained",
        .misdirected: "misdirected", .handover: "collected", .acceptance: "accepted", .uncollected: "expired",
    ]

    init(
        of leaf: Leaf, in files: ProofFiles, _ agencies: ProofAgencies, _ waybill: Waybill, _ digest: Digest
    ) throws(ProofFault) {
        let file = ProofName.later(leaf.seq)
        seq = leaf.seq
        author = agencies.author(of: leaf.kind)
        signed = try VerifiedContent(file, by: author, in: files)
        let said: Said
        do { said = try Said(signed.bytes) } catch { throw ProofFault(of: error, in: file) }
        guard said.kinds.contains(leaf.kind) else { throw ProofFault(file, "is not of a kind that its entry may hold") }
        try signed.requireSigned(at: said.signedAt)
        guard said.parties == waybill.parties, said.issuer == author.id else {
            throw ProofFault(file, "is not between the agencies of the two cards")
        }
        guard said.consignment == waybill.id, said.waybill == digest else {
            throw ProofFault(file, "is about another waybill")
        }
        word = said.word
        text = "\(said.issuer) signed it at \(said.signedAt)\(said.more)"
    }

    /// Since when the key that signed it must not be used, if nobody else had seen it before.
    func objection(seen: Instant?) -> Instant? {
        guard let retired = author.retirement(of: signed.signer) else { return nil }
        return (seen?.seconds ?? .max) < retired.seconds ? nil : retired
    }

    /// What a later statement and a withdrawal have in common.
    private struct Said {
        let word: String
        let issuer: AgencyID
        let parties: Parties
        let consignment: ConsignmentID
        let waybill: Digest
        let signedAt: Instant
        let more: String
        /// Of the events that may hold it.
        let kinds: Set<EventKind>

        init(_ bytes: [UInt8]) throws(Malformed) {
            if let withdrawal = try? Withdrawal(kept: bytes) {
                self.init(withdrawal)
            } else {
                self.init(try LaterStatement(kept: bytes))
            }
        }

        private init(_ said: Withdrawal) {
            (word, issuer, parties) = ("withdrawn", said.issuer, said.parties)
            (consignment, waybill, signedAt) = (said.consignment, said.waybill, said.signedAt)
            (more, kinds) = (Said.because(said.because), [.withdrawn, .abandoned])
        }

        private init(_ said: LaterStatement) {
            (word, issuer, parties) = (ProofLater.words[said.kind] ?? "", said.issuer, said.parties)
            (consignment, waybill, signedAt) = (said.consignment, said.waybill, said.signedAt)
            kinds = said.kind == .recall ? [.recalled, .said, .heard] : [.said, .heard]
            let because = Said.because(said.because)
            switch said.kind {
            case .correction: more = ", by consignment \(said.replacement?.text ?? "")\(because)"
            case .handover: more = "\(because), on \(said.moment?.description ?? "")"
            case .uncollected: more = ", not collected since \(said.moment?.description ?? "")"
            default: more = because
            }
        }

        private static func because(_ text: String) -> String { text.isEmpty ? "" : ", because: \(JSON.raw(text))" }
    }
}

extension JSON {
    /// A text as it stands between the quotation marks of a statement: on one line, whatever it holds.
    static func raw(_ text: String) -> String {
        String(String(decoding: JSON.string(text).encoded, as: UTF8.self).dropFirst().dropLast())
    }
}
