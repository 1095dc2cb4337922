package import Ledger
package import Policy
package import Vocabulary

/// A notice under Article 14 as `waybill notices` shows it.
package struct NoticeLine: Hashable, Sendable {
    package let duty: Duty
    package let view: NoticeView
    /// Nil where the duty's facts have been erased.
    package let clock: NoticeClock?

    package init(_ duty: Duty, workingDays: WorkingDays, now: Instant) {
        self.duty = duty
        let state: NoticeView.State =
            if !duty.isOpen {
                .closed(at: duty.closedAt)
            } else {
                duty.deferredUntil.map { .deferred(until: $0) } ?? .open
            }
        view = NoticeView(due: duty.due, dueLegal: duty.dueLegal, state, ground: duty.ground, now: now)
        clock = try? NoticeClock(facts: duty.facts, workingDays: workingDays)
    }

    /// Days, not moments: people act on days.
    package var line: ReportLine {
        ReportLine([
            ("id", .text(duty.id.text)), ("consignment", .text(duty.consignment.id.text)),
            ("partner", .text(duty.consignment.partner.text)),
            ("subject", .text(duty.subject ?? "whoever the file is about")), ("state", .text(duty.state.rawValue)),
            ("standing", .text(view.words)), ("due", .day(duty.due.lastDayInLondon)),
            ("dueLegal", .day(duty.dueLegal?.lastDayInLondon)), ("why", .text(clock?.words)),
            ("deferredUntil", .day(duty.deferredUntil?.londonDate)), ("ground", .text(duty.ground)),
            ("because", .text(duty.because)), ("by", .text(duty.by)), ("closedAt", .time(duty.closedAt)),
            ("senderInformedOn", .text(duty.facts["senderInformedOn"])),
            ("senderGround", .text(duty.facts["senderGround"])),
        ])
    }
}
