internal import Envelope
internal import Ledger
package import Statements
package import Transport
package import Vocabulary

/// How an attempt at delivery ended, the same names at every layer.
package enum DeliveryOutcome: Sendable {
    /// The receipt verified; the bytes are as the partner signed them.
    case delivered(Receipt, signed: [UInt8])
    case refused(Refusal, signed: [UInt8])
    case tryLater(TryLater)
}

/// What a consignment of ours is, for whoever answers it.
package struct SentFacts: Sendable {
    let consignment: ConsignmentID
    let waybill: Digest?
    /// Nil where the waybill was erased: then only what the row says can be compared.
    let parties: Parties?
    let sha256: Digest?
    let size: Int64?

    package init(_ waybill: Waybill, digest: Digest) {
        (consignment, self.waybill, parties) = (waybill.id, digest, waybill.parties)
        (sha256, size) = (waybill.file.sha256, waybill.file.size)
    }

    /// - Parameter waybill: as the ledger keeps it.
    init(_ row: ConsignmentRecord, _ waybill: Waybill?) {
        (consignment, self.waybill, parties) = (row.key.id, row.waybill, waybill?.parties)
        (sha256, size) = (row.sha256, row.size)
    }

    /// Verifies a receipt, and that it is for this. Throws `EnvelopeError` or `Malformed`.
    package func receipt(_ signed: [UInt8], by author: Author, _ reading: Author.Reading = .fromOutside) throws
        -> Receipt
    {
        let receipt = try author.verify(signed, as: Receipt.self, reading).statement
        try require(receipt)
        return receipt
    }

    /// The same of a refusal.
    package func refusal(_ signed: [UInt8], by author: Author, _ reading: Author.Reading = .fromOutside) throws
        -> Refusal
    {
        let refusal = try author.verify(signed, as: Refusal.self, reading).statement
        try require(refusal)
        return refusal
    }

    package func require(_ receipt: Receipt) throws(Malformed) {
        try require("receipt", receipt.consignment, receipt.waybill, receipt.parties)
        guard receipt.sha256 == sha256, receipt.size == size else {
            throw Malformed("receipt", "holds another digest than the file that was sent")
        }
    }

    package func require(_ refusal: Refusal) throws(Malformed) {
        try require("refusal", refusal.consignment, refusal.waybill, refusal.parties)
    }

    /// Whether what is said afterwards is about this very waybill.
    package func isAbout(_ later: LaterStatement) -> Bool {
        later.consignment == consignment && later.waybill == waybill && later.parties == parties
    }

    private func require(
        _ what: String, _ id: ConsignmentID, _ digest: Digest, _ named: Parties
    ) throws(Malformed) {
        guard id == consignment, digest == waybill else { throw Malformed(what, "is about another consignment") }
        guard parties == nil || parties == named else { throw Malformed(what, "names other parties") }
    }
}

/// Verifies what the partner says about a consignment of ours, by the line, at a restart or by hand. Nothing counts that
/// its signing key did not sign, that names another waybill, or that holds another digest than ours.
package struct AnswerReader: Sendable {
    package static func read(_ signed: [UInt8], for sent: SentFacts, from partner: Partner) -> DeliveryOutcome {
        do {
            return .delivered(try sent.receipt(signed, by: partner.author), signed: signed)
        } catch {
            return .tryLater(liar(partner, "receipt", error))
        }
    }

    package static func readRefusal(_ signed: [UInt8], for sent: SentFacts, from partner: Partner) -> DeliveryOutcome {
        do {
            return .refused(try sent.refusal(signed, by: partner.author), signed: signed)
        } catch {
            return .tryLater(liar(partner, "refusal", error))
        }
    }

    private static func liar(_ partner: Partner, _ what: String, _ error: any Error) -> TryLater {
        if [.statement(.notYetValid), .statement(.expired)].contains(error as? EnvelopeError) {
            return TryLater(
                .misunderstood,
                """
                \(partner.id) answered with a \(what) of a date at which its signing certificate was not valid: its clock was \
                wrong when it signed, or its certificate had ended. It was not recorded; the file stays and is tried again. \
                Ring them: the clock first, then waybill keys list.
                """)
        }
        return TryLater(
            .misunderstood,
            """
            \(partner.id) answered with a \(what) that does not verify (\(error)). It was not recorded; the file stays \
            and is tried again. If this lasts, ring them: their keys or their software are wrong.
            """)
    }
}
