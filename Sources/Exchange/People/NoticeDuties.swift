internal import Law
internal import Ledger
package import Policy
package import Vocabulary

// What persons do about notices: the law judges (`Policy.NoticeActs`), the ledger records.

extension DutyActs {
    /// A notice has been given, or a ground of law says that none is owed.
    package func closeNotice(
        _ id: ConsignmentID, ground: String, _ evidence: NoticeEvidence, by account: String
    ) async throws {
        let duty = try await find(id, .notice)
        let now = agency.clock.now()
        var known = evidence.knowing(duty)
        known.received = try clock(of: duty).received.londonDate
        let settlement = try Self.granted(acts.close(ground: ground, known, now: now))
        try await commit(duty.settled(settlement, by: account, at: now), account, at: now)
    }

    /// Not yet: on a ground that passes, until a day on which somebody looks again.
    package func deferNotice(
        _ id: ConsignmentID, ground: String, until day: CalendarDate?, _ evidence: NoticeEvidence, by account: String
    ) async throws {
        let duty = try await find(id, .notice)
        let now = agency.clock.now()
        let settlement = try Self.granted(
            acts.put(off: ground, until: day, evidence.knowing(duty), now: now))
        try await commit(duty.settled(settlement, by: account, at: now), account, at: now)
    }

    /// We speak with the subject for the first time on that day: by then they must know.
    package func noteContact(_ id: ConsignmentID, _ occasion: Occasion, by account: String) async throws {
        let duty = try await find(id, .notice)
        let now = agency.clock.now()
        try await commit(duty.moved(by: Self.granted(acts.contact(clock(of: duty), occasion))), account, at: now)
    }

    private func clock(of duty: Duty) throws -> NoticeClock {
        try NoticeClock(facts: duty.facts, workingDays: agency.law.current.workingDays)
    }

    private var acts: NoticeActs { NoticeActs(catalogue: agency.law.current.catalogue) }

    private func commit(_ duty: Duty, _ account: String, at now: Instant) async throws {
        try await agency.ledger.append([duty.event(at: now, ["by": .string(Person.named(account))])])
    }

    private static func granted<Value>(_ judged: Judged<Value>) throws -> Value {
        switch judged {
        case .granted(let value): return value
        case .refused(let findings):
            let words = findings.map { "\($0.found) \($0.fix) (\($0.citation))" }
            throw OfficerProblem.refused(words.joined(separator: "\n"))
        }
    }
}

extension NoticeEvidence {
    /// With what the sender's label says.
    fileprivate func knowing(_ duty: Duty) -> NoticeEvidence {
        var evidence = self
        evidence.sender = SenderWord(facts: duty.facts)
        return evidence
    }
}

extension Duty {
    fileprivate func settled(_ settlement: NoticeSettlement, by account: String, at now: Instant) -> Duty {
        var duty = self
        duty.facts.merge(settlement.facts) { $1 }
        if let until = settlement.deferredUntil {
            (duty.state, duty.deferredUntil) = (.deferred, until)
            (duty.ground, duty.because, duty.by) = (settlement.ground, settlement.because, Person.named(account))
        } else {
            duty.close(at: now, by: Person.named(account), ground: settlement.ground, because: settlement.because)
        }
        return duty
    }
}
