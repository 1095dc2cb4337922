internal import Envelope
package import Transport
package import Vocabulary

/// How an attempt at delivery ended, the same names at every layer.
package enum DeliveryOutcome: Sendable {
    /// The receipt verified; the bytes are as the partner signed them.
    case delivered(Receipt, signed: [UInt8])
    case refused(Refusal, signed: [UInt8])
    case tryLater(TryLater)
}

/// Verifies what the partner says about a consignment of ours. Nothing counts that its signing key did not sign, that
/// names another waybill, or that holds another digest than ours.
package struct ReceiptDesk: Sendable {
    package static func read(_ signed: [UInt8], for waybill: SignedWaybill, from partner: Partner) -> DeliveryOutcome {
        do {
            let receipt = try verifyOrphan(signed, from: partner)
            try require(receipt, matches: waybill)
            return .delivered(receipt, signed: signed)
        } catch {
            return .tryLater(liar(partner, "receipt", error))
        }
    }

    /// For a consignment whose file is gone: what can be checked without it.
    static func verifyOrphan(_ signed: [UInt8], from partner: Partner) throws -> Receipt {
        let verified = try partner.verify(signed)
        let receipt = try Receipt(parsing: verified.content)
        try verified.requireDate(receipt.signedAt)
        return receipt
    }

    package static func readRefusal(
        _ signed: [UInt8], for waybill: SignedWaybill, from partner: Partner
    ) -> DeliveryOutcome {
        do {
            let verified = try partner.verify(signed)
            let refusal = try Refusal(parsing: verified.content)
            try verified.requireDate(refusal.signedAt)
            guard refusal.consignment == waybill.id, refusal.waybill == waybill.digest else {
                throw Malformed("refusal", "is about another consignment")
            }
            try require(refusal.parties, waybill)
            return .refused(refusal, signed: signed)
        } catch {
            return .tryLater(liar(partner, "refusal", error))
        }
    }

    private static func require(_ receipt: Receipt, matches waybill: SignedWaybill) throws {
        guard receipt.consignment == waybill.id, receipt.waybill == waybill.digest else {
            throw Malformed("receipt", "is about another consignment")
        }
        try require(receipt.parties, waybill)
        guard receipt.sha256 == waybill.weighed.sha256, receipt.size == waybill.weighed.size else {
            throw Malformed("receipt", "holds another digest than the file that was sent")
        }
    }

    private static func require(_ parties: Parties, _ waybill: SignedWaybill) throws {
        guard parties == waybill.waybill.parties else { throw Malformed("statement", "names other parties") }
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
