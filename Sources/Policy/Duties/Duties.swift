package import Vocabulary

/// A notice that a receipt opens: what goes into a new `Duty` of kind `notice`.
package struct NewNotice: Hashable, Sendable {
    /// Nil where the label names nobody: the duty is owed to whoever the file is about.
    package let subject: String?
    package let clock: NoticeClock
    package let sender: SenderWord
    /// Opened and closed at once, where the sender's word is enough.
    package let settlement: NoticeSettlement?

    package var due: Instant { clock.dueConservative }
    package var dueLegal: Instant { clock.dueLegal }
    /// For `Duty.facts`.
    package var facts: [String: String] {
        clock.facts.merging(sender.facts) { $1 }.merging(settlement?.facts ?? [:]) { $1 }
    }
}

package enum Duties {
    /// What a receipt obliges us to under UK GDPR 14: a notice for each subject of the label, or one where it names
    /// nobody. Nothing under Part 3, where s.44's general information takes its place.
    ///
    /// That the data came from the subject itself is never assumed: it came from a partner.
    ///
    /// - Parameter regime: ours, `uk-gdpr` or `dpa-part-3`, whatever the sender's is.
    package static func onReceipt(
        _ label: Label, regime: String, received: Instant, workingDays: WorkingDays
    ) -> [NewNotice] {
        guard regime != "dpa-part-3" else { return [] }
        let clock = NoticeClock(received: received, workingDays: workingDays)
        guard !label.subjects.isEmpty else {
            return [NewNotice(subject: nil, clock: clock, sender: SenderWord(), settlement: nil)]
        }
        return references(label).map { notice(to: $0, label, clock) }
    }

    /// Somebody who stands there in two roles is told once.
    private static func references(_ label: Label) -> [String] {
        var seen: Set<String> = []
        return label.subjects.map(\.ref).filter { seen.insert($0).inserted }
    }

    private static func notice(to ref: String, _ label: Label, _ clock: NoticeClock) -> NewNotice {
        let words = label.subjects.filter { $0.ref == ref }.map(\.informed)
        let told = words.compactMap { informedOn($0, by: clock.received.londonDate) }
        let ground = words.compactMap { $0 }.first { $0.status == "exempt" }?.ground
        guard told.count == words.count, let day = told.max() else {
            return NewNotice(subject: ref, clock: clock, sender: SenderWord(ground: ground), settlement: nil)
        }
        let settlement = NoticeSettlement(ground: "14-5-a", because: "The sender says that they were told on \(day).")
        return NewNotice(subject: ref, clock: clock, sender: SenderWord(informedOn: day), settlement: settlement)
    }

    /// Only a day that has come counts: a plan tells nobody.
    private static func informedOn(_ informed: Label.Informed?, by today: CalendarDate) -> CalendarDate? {
        guard let informed, informed.status == "yes", let day = informed.on, day <= today else { return nil }
        return day
    }
}
