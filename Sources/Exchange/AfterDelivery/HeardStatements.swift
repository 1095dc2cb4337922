internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Statements
internal import Transport
package import Vocabulary

// What a partner says later about a consignment: verified at the door, fitted to what our ledger holds, committed with the
// duty that follows from it, and only then acknowledged. The same statement again changes nothing.

extension Arrivals {
    package func take(statement bytes: [UInt8], from peer: AgencyID) async -> Problem? {
        guard let partner = partner(peer) else { return Self.stranger }
        if CardReader.isCard(bytes) { return await take(card: bytes, from: partner) }
        if let notNow = await agency.rollback.inward(peer) { return notNow }
        let now = agency.clock.now()
        do {
            let heard = try StatementDoor(
                us: agency.us.id, ourIdentity: agency.us.fingerprint, opener: agency.us.opener
            )
            .read(bytes, from: partner, at: now)
            guard agency.budget.spend(of: heard.content.isNews ? .news : .statements, by: peer, at: now) else {
                return Problem(.busy, "Too many statements in this minute.", retryAfter: 60)
            }
            guard agency.admitsEntry(heard.signed.count, from: peer, at: now) else { return Self.tooManyEntries }
            agency.clock.skew.note(partner: peer, their: heard.content.signedAt, sent: nil, received: now)
            try await take(heard, from: peer)
            agency.signals.send(.exchanged(peer))
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
            case .handover, .acceptance, .uncollected: try await collection(statement, heard.signed, key)
            }
        }
    }

    private func isKnown(_ signed: [UInt8], _ key: ConsignmentKey) async throws -> Bool {
        try await agency.ledger.statements([.heard, .incident], of: key).contains { $0.bytes == signed }
    }

    // MARK: They sent it

    private func recalled(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        guard var record = try await agency.ledger.record(key) else {
            return try await neverPublished(statement, signed, key)
        }
        if record.state == .publishing { record = try await published(record) }
        try Self.require(statement, fits: record)
        guard record.state == .delivered else { return try await neverPublished(statement, signed, key) }
        let now = agency.clock.now()
        // Asked again in other words, it is still one answer that is owed.
        let duty = Duty(.recalled, id: .make(at: now), about: key, openedAt: now, due: now.adding(hours: 24))
        let opened = try await agency.ledger.owed(.recalled, about: key).isEmpty ? [duty] : []
        try await commit([heard(statement, signed, key, opened, at: now)])
        agency.log.warning(
            "asked back by the sender", metadata: ["consignment": "\(key.id)", "partner": "\(key.partner)"])
    }

    /// Nobody else will ask for it any more, so what a crash or trouble of ours left half published is finished now.
    private func published(_ record: ConsignmentRecord) async throws -> ConsignmentRecord {
        guard !table.isArriving(StagingKey(partner: record.key.partner, id: record.key.id)) else {
            throw Problem(.busy, "It is being published.", retryAfter: 1)
        }
        try await finish(record)
        return try await agency.ledger.record(record.key) ?? record
    }

    /// What never became visible here is destroyed by the daemon, which says so at once.
    private func neverPublished(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        let now = agency.clock.now()
        // With a ticket of its own, so that nothing of it arrives until the answer is in the ledger.
        let staging = StagingKey(partner: key.partner, id: key.id)
        guard let ticket = await table.hold(staging) else {
            throw Problem(.busy, "Some of it is arriving just now.", retryAfter: 1)
        }
        do { try await answerNeverPublished(statement, signed, key, at: now) } catch {
            table.leave(staging, ticket)
            throw error
        }
        table.leave(staging, ticket)
    }

    private func answerNeverPublished(
        _ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey, at now: Instant
    ) async throws {
        guard try await agency.ledger.record(key)?.state != .delivered else {
            throw Problem(.busy, "It has just been published.", retryAfter: 1)
        }
        try await discardStaged(key)
        let answer = LaterStatement(
            .destroyed, consignment: key.id, waybill: statement.waybill, parties: statement.parties,
            because: "It was never published here; what was staged of it has been removed.", signedAt: now)
        let said = try SaidStatement(answer, about: key, agency)
        try await commit([heard(statement, signed, key, [], at: now), said.event(by: "daemon")])
        agency.signals.send(.post)
    }

    private func corrected(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        guard let record = try await agency.ledger.record(key) else {
            throw Malformed("correction", "is about a consignment that never came here")
        }
        try Self.require(statement, fits: record)
        guard record.state == .delivered else {
            throw Malformed("correction", "is about a consignment that we did not take")
        }
        let now = agency.clock.now()
        var duty = Duty(.corrected, id: .make(at: now), about: key, openedAt: now, due: now.adding(hours: 24))
        duty.facts = ["replacement": statement.replacement?.text ?? ""]
        let isOpen = try await agency.ledger.owed(.corrected, about: key)
            .contains { $0.facts["replacement"] == statement.replacement?.text }
        try await commit([heard(statement, signed, key, isOpen ? [] : [duty], at: now)])
        agency.log.notice(
            "corrected by the sender", metadata: ["consignment": "\(key.id)", "partner": "\(key.partner)"])
    }

    // MARK: We sent it

    /// The answer to our recall closes what they owed.
    private func answered(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        try Self.require(statement, fits: await sent(key))
        let now = agency.clock.now()
        let ground = statement.kind.ground
        let whom = "partner:\(key.partner)"
        let closed = try await agency.ledger.owed(.recall, about: key)
            .map { $0.closed(at: now, by: whom, ground: ground, because: statement.because) }
        // What is destroyed needs no collecting.
        let uncollected = statement.kind == .destroyed ? try await agency.ledger.owed(.uncollected, about: key) : []
        let settled = uncollected.map { $0.closed(at: now, by: whom, ground: ground) }
        // A recall that failed is for somebody to judge, within 72 hours of knowing.
        let isKnown = try await !agency.ledger.owed(.incident, about: key).isEmpty
        let failed =
            statement.kind == .retained && !closed.isEmpty && !isKnown
            ? [Duty.incident(about: key, "the recipient keeps what was recalled", at: now)] : []
        try await commit([heard(statement, signed, key, closed + settled + failed, at: now)])
        agency.log.notice("recall answered", metadata: ["consignment": "\(key.id)", "answer": "\(ground)"])
    }

    private func misdirected(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        try Self.require(statement, fits: await sent(key))
        let now = agency.clock.now()
        let incident = Duty.incident(about: key, "the recipient says that it was not meant for them", at: now)
        let isKnown = try await !agency.ledger.owed(.incident, about: key).isEmpty
        try await commit([heard(statement, signed, key, isKnown ? [] : [incident], at: now)])
        agency.log.error("misdirected", metadata: ["consignment": "\(key.id)", "partner": "\(key.partner)"])
    }

    // MARK: What they share

    func sent(_ key: ConsignmentKey) async throws -> ConsignmentRecord {
        guard let record = try await agency.ledger.record(key) else {
            throw Malformed("statement", "is about a consignment that we never sent")
        }
        return record
    }

    static func require(_ statement: LaterStatement, fits record: ConsignmentRecord) throws(Malformed) {
        guard statement.waybill == record.waybill else {
            throw Malformed("statement", "is about another waybill of this id")
        }
    }

    func heard(
        _ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey, _ duties: [Duty], at now: Instant
    ) -> NewEvent {
        NewEvent(
            at: now, kind: .heard, consignment: key.id, partner: key.partner,
            detail: EventDetail(statement.facts(key), duties: duties, statement: signed))
    }

    func commit(_ events: [NewEvent]) async throws {
        CrashPoint.beforeHeardCommit.pass()
        try await agency.ledger.append(events)
        CrashPoint.afterHeardCommit.pass()
    }

    private func record(_ withdrawal: Withdrawal, _ statement: [UInt8]) async throws {
        let partner = withdrawal.parties.from
        let key = ConsignmentKey(.received, partner, withdrawal.consignment)
        // Of a consignment that never came there is nothing to record: a partner could fill the ledger with such.
        guard try await agency.ledger.record(key) == nil, try await discardStaged(key) else { return }
        let now = agency.clock.now()
        try await agency.ledger.append([Arrived.abandoned(withdrawal, signed: statement, at: now)])
    }

    /// Whether anything of it was staged here; nothing is left of it then.
    @discardableResult
    private func discardStaged(_ key: ConsignmentKey) async throws -> Bool {
        let resting = table.wake(StagingKey(partner: key.partner, id: key.id))
        let mark = try await agency.ledger.stagingMark(key)
        resting?.discard()
        let folder = try agency.layout.staging(key.partner)
        try? await Blocking.run { try folder.remove(Names.staged(key.id)) }
        if mark != nil { try await agency.ledger.clearStagingMark(key) }
        table.forget(StagingKey(partner: key.partner, id: key.id))
        return resting != nil || mark != nil
    }
}
