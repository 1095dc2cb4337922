internal import Folders
internal import Ledger
internal import Logging
internal import Policy
internal import Vocabulary

/// Commits why a file that policy did not release, or that shall not go any more, is held. The move follows, and is finished by
/// a restart if need be.
struct Hold: Sendable {
    let agency: Agency

    func hold(_ held: HeldFile) async throws -> Ending {
        var facts = held.grounds.facts
        facts["label"] = held.label?.json
        return try await commit(
            Outcomes(agency).held(record(of: held), held.findings, isBlocked: held.isBlocked, facts)
                .after(Records.beginning(held.weighed, at: agency.clock.now())),
            held.findings)
    }

    /// A file whose content cannot be believed: no digest of it is recorded.
    func hold(_ claimed: ClaimedFile, _ finding: Finding) async throws -> Ending {
        let mark = try await Blocking.run { try claimed.folder.lookup(claimed.fileName)?.mark ?? "" }
        var record = Records.unweighed(claimed, mark: mark)
        let beginning = Records.claim(claimed, record)
        record.isEmergency = claimed.isUrgent
        return try await commit(Outcomes(agency).held(record, [finding]).after([beginning]), [finding])
    }

    func commit(_ ending: Ending, _ findings: [Finding]) async throws -> Ending {
        try await agency.commit(ending)
        CrashPoint.afterHeldCommit.pass()
        let key = ending.record.key
        agency.log.notice(
            "held",
            metadata: [
                "consignment": "\(key.id)", "partner": "\(key.partner)",
                "rules": "\(findings.map(\.rule).joined(separator: " "))",
            ])
        return ending
    }

    private func record(of held: HeldFile) -> ConsignmentRecord {
        var record = Records.claimed(held.weighed)
        if let label = held.label { record.apply(label) }
        record.regime = held.grounds.regime
        if held.weighed.claimed.isUrgent { record.isEmergency = true }
        return record
    }
}
