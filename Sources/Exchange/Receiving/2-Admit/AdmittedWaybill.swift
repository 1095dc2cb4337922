internal import Envelope
internal import Law
internal import Policy
package import Statements
package import Vocabulary

/// A waybill that is for us, from the partner who brought it, under the id in the address, and that our own policy takes.
package struct AdmittedWaybill: Sendable {
    package let opened: OpenedWaybill
    package let warnings: [Finding]

    package var waybill: Waybill { opened.waybill }

    fileprivate init(opened: OpenedWaybill, warnings: [Finding]) {
        self.opened = opened
        self.warnings = warnings
    }
}

extension AdmittedWaybill {
    /// One that was taken in by a former life, with what policy says of it now.
    static func again(_ opened: OpenedWaybill, law: LoadedLaw, we: AgencyID, at now: Instant) -> AdmittedWaybill {
        let decision = law.admit(opened.waybill.label, sender: opened.waybill.parties.from, we: we, at: now)
        if case .release(let warnings) = decision { return AdmittedWaybill(opened: opened, warnings: warnings) }
        return AdmittedWaybill(opened: opened, warnings: [])
    }
}

/// Judges an opened waybill. A refusal by policy is a value.
package struct WaybillAdmitter: Sendable {
    package enum Verdict: Sendable {
        case admitted(AdmittedWaybill)
        case refused(Refusal.Reason, String)
        /// The sender speaks in another's name: nothing is signed for that.
        case notTheirs(String)
    }

    let us: AgencyID
    let ourIdentity: Fingerprint
    let law: LoadedLaw

    package func judge(
        _ opened: OpenedWaybill, id: ConsignmentID, from partner: Partner, at now: Instant
    ) -> Verdict {
        let parties = opened.waybill.parties
        guard opened.waybill.id == id else {
            return .notTheirs("The waybill names another consignment than the address.")
        }
        guard parties.from == partner.id, parties.fromIdentity == partner.fingerprint else {
            return .notTheirs("The waybill names another sender than the partner who brought it.")
        }
        guard parties.to == us else {
            return .refused(
                .notForUs, "This waybill is addressed to another agency. Drop the file into the right outbox.")
        }
        guard parties.toIdentity == ourIdentity else {
            return .refused(
                .notForUs, "This waybill is addressed to an identity that we no longer use. Fetch our new card.")
        }
        return judge(opened, from: partner, at: now)
    }

    private func judge(_ opened: OpenedWaybill, from partner: Partner, at now: Instant) -> Verdict {
        switch law.admit(opened.waybill.label, sender: partner.id, we: us, at: now) {
        case .release(let warnings): .admitted(AdmittedWaybill(opened: opened, warnings: warnings))
        case .hold(let findings), .block(let findings): .refused(.policy, Self.explain(findings))
        }
    }

    private static func explain(_ findings: [Finding]) -> String {
        let text = findings.map { "\($0.rule) (\($0.citation)): \($0.found) \($0.fix)" }.joined(separator: " ")
        return String(text.prefix(1000))
    }
}
