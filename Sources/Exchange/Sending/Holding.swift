internal import Folders
internal import Ledger
internal import Logging
internal import Vocabulary

/// Puts a file that policy did not release into held/, with the reason beside it.
struct Holding: Sendable {
    let office: Office
    let tray: SentTray

    /// Commits the reason first; the move follows and is finished by a restart if need be.
    func hold(_ held: HeldFile) async throws {
        let now = office.now()
        let record = record(of: held)
        var facts = held.grounds.facts
        facts["findings"] = .array(held.findings.map(\.json))
        facts["label"] = held.label?.json
        let detail = EventDetail(facts)
        let kind: EventKind = held.isBlocked ? .blocked : .held
        try await office.ledger.append(
            Records.beginning(held.weighed, at: now)
                + [Records.event(kind, record, detail, at: now, carriesRecord: true)])
        CrashPoint.afterHeldCommit.pass()
        await tray.soon(Self.move(held.weighed.claimed, record, office))
        office.log.notice(
            "held",
            metadata: [
                "consignment": "\(record.key.id)", "partner": "\(record.key.partner)",
                "rules": "\(held.findings.map(\.rule).joined(separator: " "))",
            ])
    }

    /// A file whose content cannot be believed: no digest of it is recorded.
    func hold(_ claimed: ClaimedFile, _ finding: Finding) async throws {
        let mark = try await Blocking.run { try claimed.folder.lookup(claimed.fileName)?.mark ?? "" }
        var record = Records.unweighed(claimed, mark: mark)
        let beginning = Records.claim(claimed, record)
        record.state = .held
        record.isEmergency = claimed.isUrgent
        record.why = JSON.array([finding.json]).text
        let detail = EventDetail(["findings": .array([finding.json])])
        try await office.ledger.append(
            [beginning, Records.event(.held, record, detail, at: office.now(), carriesRecord: true)])
        CrashPoint.afterHeldCommit.pass()
        await tray.soon(Self.move(claimed, record, office))
        office.log.notice(
            "held",
            metadata: [
                "consignment": "\(record.key.id)", "partner": "\(record.key.partner)", "rules": "\(finding.rule)",
            ])
    }

    private func record(of held: HeldFile) -> ConsignmentRecord {
        var record = Records.claimed(held.weighed)
        if let label = held.label { record.apply(label) }
        record.regime = held.grounds.regime
        if held.weighed.claimed.isUrgent { record.isEmergency = true }
        record.state = held.isBlocked ? .blocked : .held
        record.why = JSON.array(held.findings.map(\.json)).text
        return record
    }

    /// The move that a held record asks for; also what a restart repeats.
    static func move(_ claimed: ClaimedFile, _ record: ConsignmentRecord, _ office: Office) -> SentTray.Move {
        let danger = office.danger(claimed.partner)
        if record.waybill != nil {
            let note = danger + Notes.halted(findings(of: record), name: claimed.name, partner: claimed.partner)
            return SentTray.Move(claimed: claimed, destination: .held, notes: [(".why.txt", Array(note.utf8))])
        }
        let note =
            danger
            + Notes.held(
                findings(of: record), name: claimed.name, partner: claimed.partner, id: record.key.id,
                blocked: record.state == .blocked)
        return SentTray.Move(claimed: claimed, destination: .held, notes: [(".why.txt", Array(note.utf8))])
    }

    static func findings(of record: ConsignmentRecord) -> [Finding] {
        guard let why = record.why, let json = try? JSON(kept: Array(why.utf8)), case .array(let items) = json else {
            return []
        }
        return items.compactMap { try? Finding($0) }
    }
}
