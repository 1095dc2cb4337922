internal import Law
internal import Ledger
internal import Policy
internal import Vocabulary

/// The notices that a receipt opens (UK GDPR 14): an event of their own in the commit that carries the receipt, because a
/// proof shows the receipt's details to outsiders and these are ours alone.
struct NoticesAtReceipt: Sendable {
    let agency: Agency

    /// Nil where none is owed.
    func event(for waybill: Waybill, regime: String, received: Instant, at now: Instant) -> NewEvent? {
        let key = ConsignmentKey(.received, waybill.parties.from, waybill.id)
        let duties = Duties.onReceipt(
            waybill.label, regime: regime, received: received, workingDays: agency.law.current.workingDays
        ).map { Self.duty($0, key, at: now) }
        guard !duties.isEmpty else { return nil }
        return NewEvent(
            at: now, kind: .duty, consignment: key.id, partner: key.partner, detail: EventDetail([:], duties: duties))
    }

    private static func duty(_ notice: NewNotice, _ key: ConsignmentKey, at now: Instant) -> Duty {
        var duty = Duty(
            .notice, id: .make(at: now), about: key, subject: notice.subject, openedAt: now, due: notice.due)
        duty.dueLegal = notice.dueLegal
        duty.facts = notice.facts
        if let settlement = notice.settlement {
            duty.close(
                at: now, by: "partner:\(key.partner)", ground: settlement.ground, because: settlement.because)
        }
        return duty
    }
}
