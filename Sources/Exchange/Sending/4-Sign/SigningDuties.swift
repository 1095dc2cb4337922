internal import Law
internal import Ledger
internal import Policy
internal import Vocabulary

/// What signing a waybill makes somebody owe, committed with it.
struct SigningDuties: Sendable {
    let agency: Agency

    /// Somebody has to look at what went as an emergency; nil if it did not.
    func review(of waybill: Waybill, _ grounds: Grounds, at now: Instant) -> Duty? {
        guard let emergency = waybill.label.emergency else { return nil }
        let key = ConsignmentKey(.sent, waybill.parties.to, waybill.id)
        var duty = Duty(.review, id: .make(at: now), about: key, openedAt: now, due: emergency.reviewBy)
        let open = Set(grounds.deferred.map(\.rule)).sorted().joined(separator: " ")
        if !open.isEmpty {
            duty.facts = ["deferred": open, "skipped": sentences(grounds.deferred, waybill.label, now)]
        }
        let bars = waybill.label.handling.caveats
        if !bars.isEmpty { duty.facts["exception"] = waybill.label.basis.authority }
        return duty
    }

    /// What the emergency did not wait for, for whoever reviews it: what was found, what would put it right, and which
    /// exceptions there are to a bar that it passed.
    private func sentences(_ findings: [Finding], _ label: Label, _ now: Instant) -> String {
        let told = findings.map { "\($0.found) \($0.fix)" }
        let exceptions = agency.law.current.catalogue.exceptions(to: label.handling.caveats, on: now.londonDate)
        let named = exceptions.map { "\($0.id), \($0.label)" }.joined(separator: "; ")
        let review = named.isEmpty ? [] : ["The review names the exception that allowed it: \(named)."]
        return String((told + review).joined(separator: " ").prefix(4000))
    }

    /// The signed word to the recipient of the old version, and what we wait for; nil if it replaces none. An event of
    /// its own about the old one, because a proof of the new one shows its details to outsiders.
    func correction(by waybill: Waybill, _ grounds: Grounds, at now: Instant) async throws -> NewEvent? {
        guard let replaces = grounds.replaces else { return nil }
        let key = ConsignmentKey(.sent, waybill.parties.to, replaces.consignment)
        guard let old = try await agency.ledger.record(key), let digest = old.waybill else {
            throw OfficerProblem.unknown(replaces.consignment)
        }
        let statement = LaterStatement(
            .correction, consignment: key.id, waybill: digest, parties: waybill.parties,
            because: replaces.because, replacement: waybill.id, signedAt: now)
        let said = try SaidStatement(statement, about: key, agency)
        var duty = Duty(.correction, id: .make(at: now), about: key, openedAt: now, due: now.adding(hours: 24))
        duty.facts = ["replacement": waybill.id.text]
        return said.event(by: Person.named(waybill.submittedBy), duties: [duty])
    }
}
