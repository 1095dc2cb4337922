internal import Envelope
internal import Ledger
internal import Vocabulary

/// Makes every ending of what comes to us: what the events say and what the row becomes.
enum Arrived {
    /// - Parameter more: further members of the event.
    static func received(
        _ row: ConsignmentRecord, _ receipt: Receipt, signed: [UInt8], duties: [Duty] = [], more: [String: JSON]
    ) -> Arrival {
        var record = row
        record.state = .delivered
        record.deliveredAt = receipt.receivedAt
        record.receiptSHA256 = SHA256.digest(signed)
        let facts = more.merging(["receipt": .string(SHA256.digest(signed).hex)]) { $1 }
        return Arrival(.received, record, EventDetail(facts, duties: duties, statement: signed))
    }

    /// We signed that we do not take it.
    static func declined(_ row: ConsignmentRecord, _ refusal: Refusal, signed: [UInt8], more: [String: JSON]) -> Arrival
    {
        var record = row
        record.state = .refused
        record.why = refusal.explanation
        let facts = more.merging(["reason": .string(refusal.reason.rawValue)]) { $1 }
        return Arrival(.declined, record, EventDetail(facts, statement: signed))
    }

    /// Its sender signed that the rest will never come.
    static func abandoned(_ withdrawal: Withdrawal, signed: [UInt8], at now: Instant) throws -> Arrival {
        let key = ConsignmentKey(.received, withdrawal.parties.from, withdrawal.consignment)
        var record = ConsignmentRecord(key: key, state: .withdrawn, route: try RouteName("unknown"), name: nil)
        record.waybill = withdrawal.waybill
        record.claimedAt = now
        record.why = withdrawal.because
        return Arrival(
            .abandoned, record, EventDetail(["waybill": .string(withdrawal.waybill.hex)], statement: signed))
    }
}

/// The one event of such an ending, with the row.
struct Arrival: Sendable {
    let record: ConsignmentRecord
    private let kind: EventKind
    private let detail: EventDetail

    fileprivate init(_ kind: EventKind, _ record: ConsignmentRecord, _ detail: EventDetail) {
        (self.kind, self.record, self.detail) = (kind, record, detail)
    }

    func event(at now: Instant) -> NewEvent { Records.event(kind, record, detail, at: now, carriesRecord: true) }
}
