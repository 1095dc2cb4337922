package import Vocabulary

/// By when a subject must be told that we hold their data: the earliest of one month from receipt, the first
/// communication with them and the first onward disclosure (UK GDPR 14(3)).
package struct NoticeClock: Hashable, Sendable {
    /// Which of the three decides.
    package enum Cause: String, Hashable, Sendable, CaseIterable { case month, contact, disclosure }

    package let received: Instant
    package private(set) var contact: Occasion?
    package private(set) var disclosure: Occasion?
    private let workingDays: WorkingDays

    package init(
        received: Instant, contact: Occasion? = nil, disclosure: Occasion? = nil, workingDays: WorkingDays
    ) {
        self.received = received
        self.contact = contact
        self.disclosure = disclosure
        self.workingDays = workingDays
    }

    package var month: MonthPeriod { MonthPeriod(from: received.londonDate) }

    /// The earliest moment that anybody could call late: never rolled forward.
    package var dueConservative: Instant { deciding.moment }

    /// The last lawful moment. Only the month rolls over weekends and bank holidays; the other two are moments, not
    /// periods.
    package var dueLegal: Instant {
        ([month.lastLawfulDay(workingDays).endInLondon] + others.map(\.moment)).min() ?? dueConservative
    }

    package var cause: Cause { deciding.cause }

    private var others: [(cause: Cause, moment: Instant)] {
        let both = [(Cause.contact, contact), (Cause.disclosure, disclosure)]
        return both.compactMap { cause, occasion in occasion.map { (cause, $0.end) } }
    }

    private var deciding: (cause: Cause, moment: Instant) {
        others.reduce((Cause.month, month.lastDay.endInLondon)) { $1.moment < $0.1 ? $1 : $0 }
    }

    /// Of several communications the first counts.
    package mutating func noteContact(_ occasion: Occasion) { contact = Self.first(contact, occasion) }
    package mutating func noteDisclosure(_ occasion: Occasion) { disclosure = Self.first(disclosure, occasion) }

    private static func first(_ known: Occasion?, _ new: Occasion) -> Occasion {
        guard let known, known.end <= new.end else { return new }
        return known
    }
}

extension NoticeClock {
    /// Which of the three decided, and why the date is what it is.
    package var words: String {
        switch cause {
        case .contact: "first communication with the subject on \(contact.map(\.day.description) ?? "-")"
        case .disclosure: "first disclosure to somebody else on \(disclosure.map(\.day.description) ?? "-")"
        case .month: "one month from receipt on \(month.from)\(rolled)"
        }
    }

    private var rolled: String {
        let lawful = dueLegal.lastDayInLondon
        guard lawful != month.lastDay else { return "" }
        return "; it ends on no working day, so that the last lawful day is \(lawful)"
    }

    /// For `Duty.facts`.
    package var facts: [String: String] {
        var facts = ["receivedAt": received.description]
        facts["contact"] = contact?.description
        facts["disclosure"] = disclosure?.description
        return facts
    }

    /// Reads what `facts` wrote.
    package init(facts: [String: String], workingDays: WorkingDays) throws(Malformed) {
        func occasion(_ name: String) throws(Malformed) -> Occasion? {
            guard let text = facts[name] else { return nil }
            return try Occasion(text)
        }
        guard let received = facts["receivedAt"] else { throw Malformed("notice", "lacks the time of receipt") }
        self.init(
            received: try Instant(received), contact: try occasion("contact"), disclosure: try occasion("disclosure"),
            workingDays: workingDays)
    }
}
