internal import Ledger
internal import Policy
internal import Vocabulary

/// What signing a waybill makes somebody owe, committed with it.
struct SigningDuties: Sendable {
    let office: Office

    func owed(for waybill: Waybill, _ grounds: Grounds, at now: Instant) async throws -> Owed {
        let key = ConsignmentKey(.sent, waybill.parties.to, waybill.id)
        var owed = Owed()
        if let emergency = waybill.label.emergency {
            owed.duties.append(Self.review(emergency, grounds, about: key, at: now))
        }
        if let replaces = grounds.replaces {
            owed.others.append(try await correction(waybill, replaces, at: now))
        }
        return owed
    }

    struct Owed: Sendable {
        /// Of this consignment.
        var duties: [Duty] = []
        /// About other consignments: events of their own, because a proof of this one shows its details to outsiders.
        var others: [NewEvent] = []
    }

    private static func review(
        _ emergency: Label.Emergency, _ grounds: Grounds, about key: ConsignmentKey, at now: Instant
    ) -> Duty {
        var duty = Duty(.review, id: .make(at: now), about: key, openedAt: now, due: emergency.reviewBy)
        let open = Set(grounds.deferred.map(\.rule)).sorted().joined(separator: " ")
        if !open.isEmpty { duty.facts = ["deferred": open] }
        return duty
    }

    /// Sharing what we hold of somebody with a third party is the last moment at which to tell them (UK GDPR 14(3)(c)).
    /// Whoever sent it to us is no third party. Events about the notices' own consignments.
    func noticesMoved(by waybill: Waybill, at now: Instant) async throws -> [NewEvent] {
        var moved: [Duty] = []
        for subject in Set(waybill.label.subjects.map(\.ref)).sorted() {
            var filter = DutyFilter.open(.notice)
            filter.subject = subject
            for duty in try await office.ledger.duties(filter, limit: 1000)
            where duty.consignment.partner != waybill.parties.to {
                if let duty = moving(duty, at: now) { moved.append(duty) }
            }
        }
        return moved.map { $0.event(at: now) }
    }

    private func moving(_ duty: Duty, at now: Instant) -> Duty? {
        let days = office.law.current.workingDays
        guard var clock = try? NoticeClock(facts: duty.facts, workingDays: days) else { return nil }
        clock.noteDisclosure(.at(now))
        guard clock.dueConservative < duty.due else { return nil }
        return duty.moved(by: clock)
    }

    /// The signed word to the recipient of the old version, and what we wait for.
    private func correction(
        _ waybill: Waybill, _ replaces: LabelOverride.Replacement, at now: Instant
    ) async throws -> NewEvent {
        let key = ConsignmentKey(.sent, waybill.parties.to, replaces.consignment)
        guard let old = try await office.ledger.record(key), let digest = old.waybill else {
            throw OfficerProblem.unknown(replaces.consignment)
        }
        let statement = LaterStatement(
            .correction, consignment: key.id, waybill: digest, parties: waybill.parties,
            because: replaces.because, replacement: waybill.id, signedAt: now)
        let said = try SaidStatement(statement, about: key, office)
        var duty = Duty(.correction, id: .make(at: now), about: key, openedAt: now, due: now.adding(hours: 24))
        duty.facts = ["replacement": waybill.id.text]
        return said.event(by: Person.named(waybill.submittedBy), duties: [duty])
    }

    /// The new version has been signed for: nothing more is owed for the old one.
    func settled(by waybill: Waybill, at now: Instant) async throws -> [Duty] {
        guard let old = waybill.supersedes else { return [] }
        var filter = DutyFilter.open(.correction)
        filter.consignment = ConsignmentKey(.sent, waybill.parties.to, old)
        return try await office.ledger.duties(filter, limit: 100)
            .filter { $0.facts["replacement"] == waybill.id.text }
            .map { duty in
                var duty = duty
                duty.close(at: now, by: "partner:\(waybill.parties.to)", ground: "received")
                return duty
            }
    }
}

extension Duty {
    /// A notice whose clock was moved.
    func moved(by clock: NoticeClock) -> Duty {
        var duty = self
        (duty.due, duty.dueLegal) = (clock.dueConservative, clock.dueLegal)
        duty.facts.merge(clock.facts) { $1 }
        return duty
    }
}
