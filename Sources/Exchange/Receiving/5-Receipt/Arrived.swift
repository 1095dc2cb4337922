internal import Envelope
package import Ledger
package import Vocabulary

/// Makes every ending of what comes to us: the one event, with what the row becomes.
package enum Arrived {
    /// - Parameter more: further members of the event, and the duties that it opens.
    package static func received(
        _ row: ConsignmentRecord, _ receipt: Receipt, signed: [UInt8], more: (facts: [String: JSON], duties: [Duty]),
        at now: Instant
    ) -> NewEvent {
        var record = row
        record.state = .delivered
        record.deliveredAt = receipt.receivedAt
        record.receiptSHA256 = SHA256.digest(signed)
        let facts = more.facts.merging(["receipt": .string(SHA256.digest(signed).hex)]) { $1 }
        let detail = EventDetail(facts, duties: more.duties, statement: signed)
        return Records.event(.received, record, detail, at: now, carriesRecord: true)
    }

    /// We signed that we do not take it.
    package static func declined(
        _ row: ConsignmentRecord, _ refusal: Refusal, signed: [UInt8], more: [String: JSON], at now: Instant
    ) -> NewEvent {
        var record = row
        record.state = .refused
        record.why = refusal.explanation
        let facts = more.merging(["reason": .string(refusal.reason.rawValue)]) { $1 }
        return Records.event(
            .declined, record, EventDetail(facts, statement: signed), at: now, carriesRecord: true)
    }

    /// Its sender signed that the rest will never come.
    static func abandoned(_ withdrawal: Withdrawal, signed: [UInt8], at now: Instant) throws -> NewEvent {
        let key = ConsignmentKey(.received, withdrawal.parties.from, withdrawal.consignment)
        var record = ConsignmentRecord(key: key, state: .withdrawn, route: try RouteName("unknown"), name: nil)
        record.waybill = withdrawal.waybill
        record.claimedAt = now
        record.why = withdrawal.because
        let detail = EventDetail(["waybill": .string(withdrawal.waybill.hex)], statement: signed)
        return Records.event(.abandoned, record, detail, at: now, carriesRecord: true)
    }
}
