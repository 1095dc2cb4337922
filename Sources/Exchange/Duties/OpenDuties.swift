internal import Law
package import Ledger
internal import Policy
package import Vocabulary

/// What the end of one consignment settles or moves: read before it is committed, changed in the same commit.
package struct OpenDuties: Sendable {
    /// Corrections of what it replaces, which wait for the recipient to sign for it.
    private let corrections: [Duty]
    /// Notices to people whom it names, owed for what others sent us.
    private let notices: [Duty]
    private let workingDays: WorkingDays

    /// - Parameters:
    ///   - row: of what ends; its `supersedes` says what it replaces.
    ///   - waybill: nil where only corrections matter.
    package init(of row: ConsignmentRecord, _ waybill: Waybill?, _ agency: Agency) async throws {
        corrections = try await Self.corrections(of: row, agency)
        notices = try await Self.notices(of: waybill, agency)
        workingDays = agency.law.current.workingDays
    }

    private static func corrections(of row: ConsignmentRecord, _ agency: Agency) async throws -> [Duty] {
        guard let old = row.supersedes else { return [] }
        return try await agency.ledger.owed(.correction, about: ConsignmentKey(.sent, row.key.partner, old))
            .filter { $0.facts["replacement"] == row.key.id.text }
    }

    /// Whoever sent it to us is no third party.
    private static func notices(of waybill: Waybill?, _ agency: Agency) async throws -> [Duty] {
        guard let waybill else { return [] }
        var found: [Duty] = []
        for subject in Set(waybill.label.subjects.map(\.ref)).sorted() {
            var filter = DutyFilter.open(.notice)
            filter.subject = subject
            found += try await agency.ledger.duties(filter, limit: 1000)
                .filter { $0.consignment.partner != waybill.parties.to }
        }
        return found
    }

    /// The new version has been signed for: nothing more is owed for the old one.
    func settled(by partner: AgencyID, at now: Instant) -> [Duty] {
        closed("received", by: "partner:\(partner)", at: now)
    }

    /// The new version has ended in one way or another.
    func closed(_ ground: String, by whom: String, at now: Instant) -> [Duty] {
        corrections.map { $0.closed(at: now, by: whom, ground: ground) }
    }

    /// Sharing what we hold of somebody with a third party is the last moment at which to tell them (UK GDPR 14(3)(c)).
    /// Events about the notices' own consignments.
    func noticesMoved(disclosed: Instant, at now: Instant) -> [NewEvent] {
        notices.compactMap { moving($0, disclosed) }.map { $0.event(at: now) }
    }

    private func moving(_ duty: Duty, _ disclosed: Instant) -> Duty? {
        guard var clock = try? NoticeClock(facts: duty.facts, workingDays: workingDays) else { return nil }
        clock.noteDisclosure(.at(disclosed))
        guard clock.dueConservative < duty.due else { return nil }
        return duty.moved(by: clock)
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
