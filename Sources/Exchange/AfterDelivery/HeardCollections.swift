internal import Ledger
internal import Logging
internal import Vocabulary

// What the recipient says about the file being collected: collected, accepted by a person, or lying there.

extension Arrivals {
    func collection(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        let record = try await sent(key)
        try Self.require(statement, fits: record)
        let known = try await agency.ledger.later([.heard], of: key).map(\.kind)
        if known.contains(statement.kind) { return try await contradiction(statement, signed, key) }
        let duties =
            statement.kind == .uncollected
            ? opened(by: statement, record, known) : try await closed(by: statement, key)
        try await commit([heard(statement, signed, key, duties, at: agency.clock.now())])
        tell(statement, key, known)
        if record.isEmergency { agency.signals.send(.emergencyHeard) }
    }

    /// A person of ours should ring them; nothing is to be done if it was collected in the meantime.
    private func opened(
        by statement: LaterStatement, _ record: ConsignmentRecord, _ known: [LaterStatement.Kind]
    ) -> [Duty] {
        guard Set(known).isDisjoint(with: [.handover, .acceptance, .destroyed]) else { return [] }
        let now = agency.clock.now()
        var duty = Duty(.uncollected, id: .make(at: now), about: record.key, openedAt: now, due: now)
        duty.facts = ["since": statement.moment?.description ?? ""]
        duty.isUrgent = record.isEmergency
        return [duty]
    }

    private func closed(by statement: LaterStatement, _ key: ConsignmentKey) async throws -> [Duty] {
        let now = agency.clock.now()
        return try await agency.ledger.owed(.uncollected, about: key)
            .map { $0.closed(at: now, by: "partner:\(key.partner)", ground: statement.kind.ground) }
    }

    /// One consignment is collected once and accepted once. The first word stands; a second one is kept as what it is:
    /// a partner who contradicts itself, or whose ledger was restored and has forgotten.
    private func contradiction(_ statement: LaterStatement, _ signed: [UInt8], _ key: ConsignmentKey) async throws {
        let facts = statement.facts(key)
            .merging(["what": .string("The partner has said this before, in other words.")]) { $1 }
        try await commit([
            NewEvent(
                at: agency.clock.now(), kind: .incident, consignment: key.id, partner: key.partner,
                detail: EventDetail(facts, statement: signed))
        ])
        agency.log.warning(
            "said a second time",
            metadata: [
                "consignment": "\(key.id)", "partner": "\(key.partner)", "statement": "\(statement.kind.rawValue)",
            ])
    }

    private func tell(_ statement: LaterStatement, _ key: ConsignmentKey, _ known: [LaterStatement.Kind]) {
        let wasRefused = known.contains(.misdirected) || known.contains(.destroyed)
        agency.log.log(
            level: statement.kind == .acceptance && wasRefused ? .warning : .info, "heard",
            metadata: [
                "consignment": "\(key.id)", "partner": "\(key.partner)", "statement": "\(statement.kind.rawValue)",
            ])
    }
}
