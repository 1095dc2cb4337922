internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Statements
package import Vocabulary

/// What persons do about what is owed: answer a recall, say that a file was misdirected, close a review or an incident.
///
/// Every act is one commit with the person's account; a statement to the partner is signed in the same commit.
package struct DutyActs: Sendable {
    let agency: Agency
    private let collections: Uncollected

    package init(agency: Agency, collections: Uncollected) {
        (self.agency, self.collections) = (agency, collections)
    }

    /// Closes a duty that needs nothing but somebody's word; also what a partner will never answer, such as one that is
    /// no more. Notices and the answers to recalls have ways of their own.
    package func close(_ id: ConsignmentID, because: String, by account: String) async throws {
        let duty = try await find(
            id, .review, .incident, .corrected, .recall, .correction, .post, .news, .collection, .uncollected)
        let (now, whom) = (agency.clock.now(), Person.named(account))
        let closed = duty.closed(at: now, by: whom, ground: "judged", because: because)
        try await agency.ledger.append([closed.event(at: now, ["by": .string(whom)])])
        if duty.kind == .collection { collections.remove(duty.consignment) }
    }

    func find(_ id: ConsignmentID, _ kinds: Duty.Kind...) async throws -> Duty {
        var filter = DutyFilter()
        (filter.id, filter.kinds) = (id, Set(kinds))
        guard let duty = try await agency.ledger.duties(filter, limit: 1).first else {
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
    package func destroyed(
        _ id: ConsignmentID, from partner: AgencyID? = nil, because: String, by account: String
    ) async throws {
        let record = try await received(id, from: partner)
        try await alone(record) {
            let duty = try await asked(record)
            // That we remove it is no collection: it is claimed, so that the watch does not say so.
            try await removeCopy(record)
            CrashPoint.afterCopyDestroyed.pass()
            try await say(.destroyed, record, because, account, closing: duty)
        }
    }

    /// It is kept, and why: the other answer, for a recipient that must keep what it has.
    package func retained(
        _ id: ConsignmentID, from partner: AgencyID? = nil, because: String, by account: String
    ) async throws {
        let record = try await received(id, from: partner)
        try await alone(record) {
            try await say(.retained, record, because, account, closing: try await asked(record))
        }
    }

    private func asked(_ record: ConsignmentRecord) async throws -> Duty {
        guard let duty = try await agency.ledger.owed(.recalled, about: record.key).first else {
            throw OfficerProblem.nothingAsked(record.key.id)
        }
        return duty
    }

    /// Never another file that has taken its name since.
    private func removeCopy(_ record: ConsignmentRecord) async throws {
        guard let place = InboxPlace(record), let name = FileName(place.name) else { return }
        let folder = try agency.layout.inbox(record.key.partner, place.folder)
        let sideCars = try agency.layout.waybills(record.key.partner)
        let sideCar = try Names.file("\(record.key.id).json")
        try await Blocking.run {
            let facts = try folder.lookup(name)
            if let facts, !facts.isMarked(record.inode) { throw OfficerProblem.anotherFileThere(record.key.id) }
            // First: after a crash in between, a missing file beside its side-car would count as collected.
            try? sideCars.remove(sideCar)
            try sideCars.sync()
            guard facts != nil else { return }
            try folder.remove(name)
            try folder.sync()
        }
    }

    // MARK: Not meant for us

    package func misdirected(
        _ id: ConsignmentID, from partner: AgencyID? = nil, because: String, by account: String
    ) async throws {
        let record = try await received(id, from: partner)
        try await alone(record) { try await say(.misdirected, record, because, account) }
    }

    // MARK: Ours to deal with

    /// A person takes it on: said once, and not of what was given up in another way.
    package func accept(
        _ id: ConsignmentID, from partner: AgencyID? = nil, because: String?, by account: String
    ) async throws {
        let record = try await received(id, from: partner)
        try await alone(record) {
            let said = try await agency.ledger.later([.said, .heard], of: record.key).map(\.kind)
            if let trouble = Self.forbids(said, id) { throw OfficerProblem.refused(trouble) }
            try await say(.acceptance, record, because ?? "", account)
        }
    }

    private static func forbids(_ said: [LaterStatement.Kind], _ id: ConsignmentID) -> String? {
        let show = "See: waybill ledger show \(id)"
        if said.contains(.acceptance) { return "Consignment \(id) was accepted before, and its sender knows. \(show)" }
        if said.contains(.destroyed) { return "Your agency has signed that \(id) is destroyed. \(show)" }
        if said.contains(.misdirected) { return "Your agency has signed that \(id) was not meant for you. \(show)" }
        guard said.contains(.recall) else { return nil }
        return "The sender has asked for \(id) back. Answer that: waybill destroyed \(id), or waybill retained \(id)"
    }

    // MARK: What they share

    private func received(_ id: ConsignmentID, from partner: AgencyID?) async throws -> ConsignmentRecord {
        let records = try await agency.ledger.all(id, .received).filter { partner == nil || $0.key.partner == partner }
        guard let record = records.first else { throw OfficerProblem.unknown(id) }
        guard records.count == 1 else { throw OfficerProblem.severalPartners(id, records.map(\.key.partner).sorted()) }
        guard record.state == .delivered else {
            throw OfficerProblem.refused(
                "Consignment \(id) was not delivered here: it is \(record.state.rawValue). See: waybill ledger show \(id)"
            )
        }
        return record
    }

    /// One word about a consignment at a time, whoever says it.
    private func alone(_ record: ConsignmentRecord, _ body: () async throws -> Void) async throws {
        guard collections.claim(record.key) else {
            throw OfficerProblem.refused("Something is being said about it just now. Try again in a moment.")
        }
        defer { collections.release(record.key) }
        try await body()
    }

    /// Whatever a person says of it, nobody needs to collect it any more.
    private func say(
        _ kind: LaterStatement.Kind, _ record: ConsignmentRecord, _ because: String, _ account: String,
        closing duty: Duty? = nil
    ) async throws {
        let key = record.key
        guard let partner = agency.partners[key.partner], let waybill = record.waybill else {
            throw OfficerProblem.noPartner(key.partner)
        }
        let (now, whom) = (agency.clock.now(), Person.named(account))
        let owed = try await agency.ledger.owed(.collection, about: key) + (duty.map { [$0] } ?? [])
        let closed = owed.map { $0.closed(at: now, by: whom, ground: kind.ground, because: because) }
        let statement = LaterStatement(
            kind, consignment: key.id, waybill: waybill, parties: agency.us.parties(from: partner), because: because,
            signedAt: now)
        let said = try SaidStatement(statement, about: key, agency)
        try await agency.ledger.append([said.event(by: whom, duties: closed)])
        collections.remove(key)
        agency.signals.send(.post)
        agency.log.notice("said", metadata: ["consignment": "\(key.id)", "statement": "\(kind.rawValue)"])
    }
}
