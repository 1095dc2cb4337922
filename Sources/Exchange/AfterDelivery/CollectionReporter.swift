internal import Folders
internal import Ledger
internal import Logging
internal import Statements
internal import Vocabulary

/// Signs what the watch has seen: in one commit with the duty that it closes or changes and the errand to tell the
/// sender. Once for each consignment: a closed duty never changes again.
struct CollectionReporter: Sendable {
    let agency: Agency
    let collections: Uncollected
    private static let batch = 64

    func tellHandovers(_ items: [UncollectedFile]) async {
        await tell(items.filter { $0.sighting != nil }) { item, record, duty in
            guard let sighting = item.sighting else { return nil }
            let closed = duty.closed(at: agency.clock.now(), by: "daemon", ground: sighting.how.rawValue)
            return try statement(.handover, record, sighting.how.rawValue, moment: sighting.at)?
                .event(by: "daemon", duties: [closed])
        } then: {
            collections.remove($0.key)
        }
    }

    /// The file stays and the duty goes on; only the sender is told, once; of an emergency our own people are, too.
    func tellUncollected(_ items: [UncollectedFile]) async {
        await tell(items) { item, record, duty in
            var duty = duty
            duty.facts[Duty.toldUncollected] = agency.clock.now().description
            return try statement(.uncollected, record, "", moment: item.since)?.event(by: "daemon", duties: [duty])
        } then: {
            collections.noteTold($0.key)
            if $0.isUrgent { collections.hook.ring(.notTaken, $0) }
        }
    }

    private typealias Event = @Sendable (UncollectedFile, ConsignmentRecord, Duty) throws -> NewEvent?

    private func tell(
        _ items: [UncollectedFile], _ event: Event, then: @Sendable (UncollectedFile) -> Void
    ) async {
        var rest = items[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.batch))
            rest = rest.dropFirst(Self.batch)
            do { try await commit(batch, event, then) } catch {
                // A batch is taken whole or not at all: what one spoils is tried by itself.
                for item in batch { await alone(item, event, then) }
            }
        }
    }

    private func alone(
        _ item: UncollectedFile, _ event: Event, _ then: @Sendable (UncollectedFile) -> Void
    ) async {
        do { try await commit([item], event, then) } catch {
            agency.log.notice(
                "collection not recorded yet", metadata: ["consignment": "\(item.key.id)", "why": "\(error)"])
        }
    }

    private func commit(
        _ items: [UncollectedFile], _ event: Event, _ then: @Sendable (UncollectedFile) -> Void
    ) async throws {
        let mine = items.filter { collections.claim($0.key) }
        defer { for item in mine { collections.release(item.key) } }
        var told: [UncollectedFile] = []
        var events: [NewEvent] = []
        for item in mine {
            guard let (record, duty) = try await open(item) else { continue }
            guard let said = try event(item, record, duty) else { continue }
            events.append(said)
            told.append(item)
        }
        guard !events.isEmpty else { return }
        CrashPoint.beforeCollectionCommit.pass()
        try await agency.ledger.append(events)
        CrashPoint.afterCollectionCommit.pass()
        for item in told { then(item) }
        if told.contains(where: \.isUrgent) { agency.signals.send(.post) }
        agency.signals.send(.news)
        agency.log.info("collections recorded", metadata: ["count": "\(told.count)"])
    }

    /// Nil, and forgotten, once a person has closed it.
    private func open(_ item: UncollectedFile) async throws -> (ConsignmentRecord, Duty)? {
        var filter = DutyFilter.open(.collection)
        filter.id = item.duty
        guard let duty = try await agency.ledger.duties(filter, limit: 1).first,
            let record = try await agency.ledger.record(item.key)
        else {
            collections.remove(item.key)
            return nil
        }
        return (record, duty)
    }

    /// Nil while the sender is no partner of ours: it is said when they are added again.
    private func statement(
        _ kind: LaterStatement.Kind, _ record: ConsignmentRecord, _ because: String, moment: Instant
    ) throws -> SaidStatement? {
        guard let partner = agency.partners[record.key.partner], let waybill = record.waybill else { return nil }
        let statement = LaterStatement(
            kind, consignment: record.key.id, waybill: waybill, parties: agency.us.parties(from: partner),
            because: because, moment: moment, signedAt: agency.clock.now())
        return try SaidStatement(statement, about: record.key, agency, isUrgent: record.isEmergency)
    }
}
