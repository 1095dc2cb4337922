internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
package import Vocabulary

/// What persons do about what is owed: answer a recall, say that a file was misdirected, close a review or an incident.
///
/// Every act is one commit with the person's account; a statement to the partner is signed in the same commit.
package struct DutyDesk: Sendable {
    let office: Office

    package init(office: Office) { self.office = office }

    /// Closes a duty that needs nothing but somebody's word; also what a partner will never answer, such as one that is
    /// no more. Notices and the answers to recalls have ways of their own.
    package func close(_ id: ConsignmentID, because: String, by account: String) async throws {
        let duty = try await find(id, .review, .incident, .corrected, .recall, .correction, .post)
        try await close(duty, ground: "judged", because: because, by: account)
    }

    private func close(_ duty: Duty, ground: String, because: String, by account: String) async throws {
        var duty = duty
        let now = office.now()
        duty.close(at: now, by: Person.named(account), ground: ground, because: because)
        try await office.ledger.append([duty.event(at: now, ["by": .string(Person.named(account))])])
    }

    func find(_ id: ConsignmentID, _ kinds: Duty.Kind...) async throws -> Duty {
        var filter = DutyFilter()
        (filter.id, filter.kinds) = (id, Set(kinds))
        guard let duty = try await office.ledger.duties(filter, limit: 1).first else {
            throw OfficerProblem.refused("No such duty is known here. List them: waybill duties")
        }
        guard duty.isOpen else {
            throw OfficerProblem.refused(
                "It was closed on \(Notes.moment(duty.closedAt ?? duty.due)) (\(duty.ground ?? "-")); what was said stays said."
            )
        }
        return duty
    }

    // MARK: A sender asked for it back

    /// Removes the copy that we published, if it is still there, and signs that every copy is destroyed.
    package func destroyed(_ id: ConsignmentID, because: String, by account: String) async throws {
        let (duty, record) = try await asked(id)
        try await removeCopy(record)
        CrashPoint.afterCopyDestroyed.pass()
        try await answer(.destroyed, duty, record, because, account)
    }

    /// It is kept, and why: the other answer, for a recipient that must keep what it has.
    package func retained(_ id: ConsignmentID, because: String, by account: String) async throws {
        let (duty, record) = try await asked(id)
        try await answer(.retained, duty, record, because, account)
    }

    private func asked(_ id: ConsignmentID) async throws -> (Duty, ConsignmentRecord) {
        let record = try await received(id)
        var filter = DutyFilter.open(.recalled)
        filter.consignment = record.key
        guard let duty = try await office.ledger.duties(filter, limit: 1).first else {
            throw OfficerProblem.nothingAsked(id)
        }
        return (duty, record)
    }

    private func answer(
        _ kind: LaterStatement.Kind, _ duty: Duty, _ record: ConsignmentRecord, _ because: String, _ account: String
    ) async throws {
        let now = office.now()
        var duty = duty
        let ground = kind == .destroyed ? "destroyed" : "retained"
        duty.close(at: now, by: Person.named(account), ground: ground, because: because)
        try await say(kind, record, because, account, [duty], at: now)
    }

    /// Never another file that has taken its name since.
    private func removeCopy(_ record: ConsignmentRecord) async throws {
        guard let place = record.place, let name = FileName(place) else { return }
        let folder = try office.layout.inbox(record.key.partner, record.route)
        let sideCars = try office.layout.waybills(record.key.partner)
        try await Blocking.run {
            if let facts = try folder.lookup(name) {
                guard facts.mark == record.inode else { throw OfficerProblem.anotherFileThere(record.key.id) }
                try folder.remove(name)
                try folder.sync()
            }
            try? sideCars.remove(Names.file("\(record.key.id).json"))
        }
    }

    // MARK: Not meant for us

    package func misdirected(_ id: ConsignmentID, because: String, by account: String) async throws {
        let record = try await received(id)
        try await say(.misdirected, record, because, account, [], at: office.now())
    }

    private func received(_ id: ConsignmentID) async throws -> ConsignmentRecord {
        var filter = LedgerFilter()
        (filter.id, filter.direction) = (id, .received)
        guard let record = try await office.ledger.list(filter, after: nil, limit: 1).first else {
            throw OfficerProblem.unknown(id)
        }
        guard record.state == .delivered else { throw OfficerProblem.notYours(id, record.state.rawValue) }
        return record
    }

    private func say(
        _ kind: LaterStatement.Kind, _ record: ConsignmentRecord, _ because: String, _ account: String,
        _ duties: [Duty], at now: Instant
    ) async throws {
        guard let partner = office.partners[record.key.partner], let waybill = record.waybill else {
            throw OfficerProblem.noPartner(record.key.partner)
        }
        let parties = Parties(
            from: partner.id, to: office.agency, fromIdentity: partner.fingerprint, toIdentity: office.identity)
        let statement = LaterStatement(
            kind, consignment: record.key.id, waybill: waybill, parties: parties, because: because, signedAt: now)
        let said = try SaidStatement(statement, about: record.key, office)
        try await office.ledger.append([said.event(by: Person.named(account), duties: duties)])
        await office.post.ring()
        office.log.notice("said", metadata: ["consignment": "\(record.key.id)", "statement": "\(kind.rawValue)"])
    }
}
