internal import Envelope
internal import Exchange
internal import Folders
internal import Law
internal import Ledger
internal import Policy
internal import Vocabulary

/// Writes what a partner gave back into our ledger: as it was signed, without duties, once.
struct RecoveredRows: Sendable {
    let agency: Agency

    enum Outcome: Sendable {
        /// Our ledger did not know it.
        case new
        /// Its end was not known here.
        case ended
        case known
        /// Our ledger holds another waybill under this id.
        case contradicted
    }

    func take(_ regained: RecoveredConsignment) async throws -> Outcome {
        let known = try await agency.ledger.record(regained.key)
        if let known, let waybill = known.waybill, waybill != regained.digest { return .contradicted }
        let events = try await events(for: regained, known)
        let told = Set(
            try await agency.ledger.events(of: regained.key).compactMap { try StoredStatement($0)?.bytes })
        let later = regained.later.filter { !told.contains($0.signed) }.map { event($0, regained) }
        if !(events + later).isEmpty { try await agency.ledger.append(events + later) }
        CrashPoint.midRecover.pass()
        return known == nil ? .new : events.isEmpty ? .known : .ended
    }

    private func events(for regained: RecoveredConsignment, _ known: ConsignmentRecord?) async throws -> [NewEvent] {
        guard let answer = regained.answer else { return [] }
        var record = record(of: regained)
        let before = known.map { ending(of: $0, regained) } ?? beginning(of: regained, answer.content, record)
        guard let before else { return [] }
        if let known { (record.place, record.inode, record.claimedAt) = (known.place, known.inode, known.claimedAt) }
        return before + (try await end(of: record, regained, answer))
    }

    /// What we sent ended as it always does; what we received is long in the hands of our people, so nobody is asked to
    /// collect it or to tell anybody of it.
    private func end(
        of record: ConsignmentRecord, _ regained: RecoveredConsignment,
        _ answer: (content: RecoveredConsignment.Answer, signed: [UInt8])
    ) async throws -> [NewEvent] {
        let (told, now): ([String: JSON], Instant) = (["regained": .bool(true)], agency.clock.now())
        switch (regained.direction, answer.content) {
        case (.sent, .receipt(let receipt)):
            let owed = try await OpenDuties(of: record, regained.waybill, agency)
            return Outcomes(agency).delivered(record, receipt, signed: answer.signed, owed: owed, more: told).events
        case (.sent, .refusal(let refusal)):
            return Outcomes(agency).refused(record, refusal, signed: answer.signed, more: told).events
        case (.received, .receipt(let receipt)):
            return [Arrived.received(record, receipt, signed: answer.signed, more: (told, []), at: now)]
        case (.received, .refusal(let refusal)):
            return [Arrived.declined(record, refusal, signed: answer.signed, more: told, at: now)]
        }
    }

    /// A refusal of ours needs no waybill before it.
    private func beginning(
        of regained: RecoveredConsignment, _ answer: RecoveredConsignment.Answer, _ record: ConsignmentRecord
    ) -> [NewEvent]? {
        if case .refusal = answer, regained.direction == .received { return [] }
        let detail = EventDetail(["waybill": .string(regained.digest.hex)], statement: regained.signed)
        let kind: EventKind = regained.direction == .sent ? .sentBefore : .receivedBefore
        return [Records.event(kind, record, detail, at: agency.clock.now())]
    }

    /// What stands between the present state of a known consignment and its end; nil if it has ended, or ends by itself.
    private func ending(of known: ConsignmentRecord, _ regained: RecoveredConsignment) -> [NewEvent]? {
        switch (known.state, regained.answer?.content) {
        case (.held, _):
            // Held when the backup was made, released and signed after it.
            let record = record(of: regained)
            let why = EventDetail(["by": .string("recovery"), "regained": .bool(true)])
            let waybill = EventDetail(["waybill": .string(regained.digest.hex)], statement: regained.signed)
            let now = agency.clock.now()
            return [
                Records.event(.released, record, why, at: now), Records.event(.signed, record, waybill, at: now),
                Records.event(.dispatching, record, EventDetail([:]), at: now),
            ]
        // We have signed for it: another receipt must not follow.
        case (.publishing, .receipt): return []
        default: return nil
        }
    }

    private func record(of regained: RecoveredConsignment) -> ConsignmentRecord {
        let waybill = regained.waybill
        var record = ConsignmentRecord(
            key: regained.key, state: regained.direction == .sent ? .dispatching : .publishing,
            route: waybill.label.route, name: waybill.file.name, size: waybill.file.size, sha256: waybill.file.sha256,
            waybill: regained.digest, claimedAt: waybill.signedAt, sentAt: waybill.signedAt)
        record.apply(waybill.label)
        record.supersedes = waybill.supersedes
        record.regime =
            regained.direction == .sent
            ? waybill.label.basis.regime
            : agency.law.regime(
                receiving: waybill.label, from: regained.partner, we: agency.us.id, at: waybill.signedAt
            ).rawValue
        return record
    }

    private func event(_ later: RecoveredConsignment.Later, _ regained: RecoveredConsignment) -> NewEvent {
        let isOurs = later.statement.issuer == agency.us.id
        let facts: [String: JSON] = [
            "because": .string(later.statement.because), "direction": .string(regained.direction.rawValue),
            "regained": .bool(true), "statement": .string(later.statement.kind.rawValue),
        ]
        return NewEvent(
            at: agency.clock.now(), kind: isOurs ? .said : .heard, consignment: regained.key.id,
            partner: regained.partner,
            detail: EventDetail(facts, statement: later.signed))
    }
}
