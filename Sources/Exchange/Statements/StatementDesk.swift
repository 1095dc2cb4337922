internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Transport
package import Vocabulary

// What a partner says later about a consignment: verified at the door, fitted to what our ledger holds, committed with the
// duty that follows from it, and only then acknowledged. The same statement again changes nothing.

extension Arrivals {
    package func take(statement bytes: [UInt8], from peer: AgencyID) async -> Problem? {
        guard let partner = office.partners[peer] else { return Self.stranger }
        if Self.isCard(bytes) { return await take(card: bytes, from: partner) }
        let now = office.now()
        do {
            let heard = try StatementDoor(us: office.agency, ourIdentity: office.identity, opener: office.opener)
                .read(bytes, from: partner, at: now)
            guard await table.admitStatement(from: peer, at: now) else {
                return Problem(.busy, "Too many statements in this minute.", retryAfter: 60)
            }
            try await take(heard, from: peer)
            return nil
        } catch let malformed as Malformed {
            return Problem(.malformed, "The statement was not taken: \(malformed).")
        } catch is EnvelopeError {
            return Problem(.malformed, "The statement does not verify.")
        } catch {
            return problem(of: error, nil)
        }
    }

    private func take(_ heard: HeardStatement, from peer: AgencyID) async throws {
        switch heard.content {
        case .withdrawal(let withdrawal): try await record(withdrawal, heard.signed)
        case .later(let statement):
            let direction: Direction = statement.kind.isSenders ? .received : .sent
            let key = ConsignmentKey(direction, peer, statement.consignment)
            if try await isKnown(heard.signed, key) { return }
            switch statement.kind {
            case .recall: try await recalled(statement, heard.signed, key)
            case .correction: try await corrected(statement, heard.signed, key)
            case .destroyed, .retained: try await answered(statement, heard.signed, key)
            case .misdirected: try await misdirected(statement, heard.signed, key)
            }
        }
    }

    private func isKnown(_ signed: [UInt8], _ key: ConsignmentKey) async throws -> Bool {
        try await office.ledger.events(of: key).contains { event in
            guard let detail = event.detail, let known = try? EventDetail(parsing: detail) else { return false }
            return known.statement == signed
        }
    }

    // MARK: They sent it

    private func recalled(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        guard var record = try await office.ledger.record(key) else {
            return try await neverPublished(statement, signed, key)
        }
        if record.state == .publishing { record = try await published(record) }
        try Self.require(statement, fits: record)
        guard record.state == .delivered else { return try await neverPublished(statement, signed, key) }
        let now = office.now()
        // Asked again in other words, it is still one answer that is owed.
        let duty = Duty(.recalled, id: .make(at: now), about: key, openedAt: now, due: now.adding(hours: 24))
        let opened = try await isOpen(.recalled, key) ? [] : [duty]
        try await commit([heard(statement, signed, key, opened, at: now)])
        office.log.warning(
            "asked back by the sender", metadata: ["consignment": "\(key.id)", "partner": "\(key.partner)"])
    }

    /// Nobody else will ask for it any more, so what a crash or trouble of ours left half published is finished now.
    private func published(_ record: ConsignmentRecord) async throws -> ConsignmentRecord {
        guard await !table.isArriving(StagingKey(partner: record.key.partner, id: record.key.id)) else {
            throw Problem(.busy, "It is being published.", retryAfter: 1)
        }
        try await finish(record)
        return try await office.ledger.record(record.key) ?? record
    }

    /// What never became visible here is destroyed by the daemon, which says so at once.
    private func neverPublished(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        let now = office.now()
        // With a ticket of its own, so that nothing of it arrives until the answer is in the ledger.
        let staging = StagingKey(partner: key.partner, id: key.id)
        guard let ticket = await table.enter(staging, cut: {}) else {
            throw Problem(.busy, "Some of it is arriving just now.", retryAfter: 1)
        }
        do { try await answerNeverPublished(statement, signed, key, at: now) } catch {
            await table.leave(staging, ticket)
            throw error
        }
        await table.leave(staging, ticket)
    }

    private func answerNeverPublished(
        _ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey, at now: Instant
    ) async throws {
        guard try await office.ledger.record(key)?.state != .delivered else {
            throw Problem(.busy, "It has just been published.", retryAfter: 1)
        }
        try await discardStaged(key)
        let answer = LaterStatement(
            .destroyed, consignment: key.id, waybill: statement.waybill, parties: statement.parties,
            because: "It was never published here; what was staged of it has been removed.", signedAt: now)
        let said = try SaidStatement(answer, about: key, office)
        try await commit([heard(statement, signed, key, [], at: now), said.event(by: "daemon")])
        await office.post.ring()
    }

    private func corrected(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        guard let record = try await office.ledger.record(key) else {
            throw Malformed("correction", "is about a consignment that never came here")
        }
        try Self.require(statement, fits: record)
        guard record.state == .delivered else {
            throw Malformed("correction", "is about a consignment that we did not take")
        }
        let now = office.now()
        var duty = Duty(.corrected, id: .make(at: now), about: key, openedAt: now, due: now.adding(hours: 24))
        duty.facts = ["replacement": statement.replacement?.text ?? ""]
        let isOpen = try await isOpen(.corrected, key, replacement: statement.replacement)
        try await commit([heard(statement, signed, key, isOpen ? [] : [duty], at: now)])
        office.log.notice(
            "corrected by the sender", metadata: ["consignment": "\(key.id)", "partner": "\(key.partner)"])
    }

    // MARK: We sent it

    /// The answer to our recall closes what they owed.
    private func answered(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        try Self.require(statement, fits: await sent(key))
        var filter = DutyFilter.open(.recall)
        filter.consignment = key
        let now = office.now()
        let ground = statement.kind == .destroyed ? "destroyed" : "retained"
        let closed = try await office.ledger.duties(filter, limit: 100).map { duty in
            var duty = duty
            duty.close(at: now, by: "partner:\(key.partner)", ground: ground, because: statement.because)
            return duty
        }
        // A recall that failed is for somebody to judge, within 72 hours of knowing.
        let isKnown = try await isOpen(.incident, key)
        let failed =
            statement.kind == .retained && !closed.isEmpty && !isKnown
            ? [Duty.incident(about: key, "the recipient keeps what was recalled", at: now)] : []
        try await commit([heard(statement, signed, key, closed + failed, at: now)])
        office.log.notice("recall answered", metadata: ["consignment": "\(key.id)", "answer": "\(ground)"])
    }

    private func misdirected(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        try Self.require(statement, fits: await sent(key))
        let now = office.now()
        let incident = Duty.incident(about: key, "the recipient says that it was not meant for them", at: now)
        try await commit([heard(statement, signed, key, try await isOpen(.incident, key) ? [] : [incident], at: now)])
        office.log.error("misdirected", metadata: ["consignment": "\(key.id)", "partner": "\(key.partner)"])
    }

    // MARK: What they share

    private func sent(_ key: ConsignmentKey) async throws -> ConsignmentRecord {
        guard let record = try await office.ledger.record(key) else {
            throw Malformed("statement", "is about a consignment that we never sent")
        }
        return record
    }

    private static func require(_ statement: LaterStatement, fits record: ConsignmentRecord) throws(Malformed) {
        guard statement.waybill == record.waybill else {
            throw Malformed("statement", "is about another waybill of this id")
        }
    }

    private func isOpen(
        _ kind: Duty.Kind, _ key: ConsignmentKey, replacement: ConsignmentID? = nil
    ) async throws -> Bool {
        var filter = DutyFilter.open(kind)
        filter.consignment = key
        return try await office.ledger.duties(filter, limit: 100).contains { duty in
            replacement.map { duty.facts["replacement"] == $0.text } ?? true
        }
    }

    private func heard(
        _ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey, _ duties: [Duty], at now: Instant
    ) -> NewEvent {
        let facts: [String: JSON] = [
            "because": .string(statement.because), "direction": .string(key.direction.rawValue),
            "statement": .string(statement.kind.rawValue),
        ]
        return NewEvent(
            at: now, kind: .heard, consignment: key.id, partner: key.partner,
            detail: EventDetail(facts, duties: duties, statement: signed))
    }

    private func commit(_ events: [NewEvent]) async throws {
        CrashPoint.beforeHeardCommit.pass()
        try await office.ledger.append(events)
        CrashPoint.afterHeardCommit.pass()
    }

    /// Whether anything of it was staged here; nothing is left of it then.
    @discardableResult
    func discardStaged(_ key: ConsignmentKey) async throws -> Bool {
        let resting = await table.wake(StagingKey(partner: key.partner, id: key.id))
        let mark = try await office.ledger.stagingMark(key)
        resting?.discard()
        let folder = try office.layout.staging(key.partner)
        try? await Blocking.run { try folder.remove(Names.staged(key.id)) }
        if mark != nil { try await office.ledger.clearStagingMark(key) }
        return resting != nil || mark != nil
    }
}
