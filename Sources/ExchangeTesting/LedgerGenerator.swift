package import Ledger
package import Vocabulary

/// Makes plausible events for benches: deliveries to a few partners, each of six events and one row.
package struct LedgerGenerator: Sendable {
    /// Events of one delivery.
    package static let eventsPerDelivery = 6
    private let crypto: any LedgerCrypto
    private let partners: [AgencyID]
    private let route: RouteName
    /// When delivery 0 is claimed; each further one comes a second later.
    private let start: Instant
    /// Every so many deliveries owe a notice to their subject.
    private let dutyEvery: Int?

    package init(crypto: any LedgerCrypto, start: Instant, dutyEvery: Int? = nil) throws {
        self.dutyEvery = dutyEvery
        self.crypto = crypto
        self.start = start
        partners = try ["cleveland-police", "hartlepool-council", "tees-nhs", "redcar-council", "harbour"].map {
            text throws(Malformed) in try AgencyID(text)
        }
        route = try RouteName("strategy-meeting")
    }

    /// Appends the events of deliveries until at least `count` have been appended; returns how many that are.
    ///
    /// `width` appends wait at a time, so that commits are shared.
    @discardableResult
    package func fill(
        _ ledger: some Ledger, events count: Int, from first: Int = 0, width: Int = 400
    ) async throws -> Int {
        let deliveries = (count + Self.eventsPerDelivery - 1) / Self.eventsPerDelivery
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<deliveries {
                if number >= width { try await group.next() }
                group.addTask { try await ledger.append(delivery(first + number)) }
            }
            try await group.waitForAll()
        }
        return deliveries * Self.eventsPerDelivery
    }

    /// The events of one delivery, oldest first; the same number has the same name and digest each time.
    package func delivery(_ number: Int) -> [NewEvent] {
        let (at, key) = (time(number), key(number))
        let record = record(number, key, at)
        return [
            event(record, .claimed, .claimed), event(record, .weighed, .claimed),
            event(record, .released, .claimed), event(record, .signed, .signed, statement: 1800),
            event(record, .dispatching, .dispatching),
            event(record, .delivered, .delivered, statement: 1500, duties: duties(number, key, at)),
        ]
    }

    private func duties(_ number: Int, _ key: ConsignmentKey, _ at: Instant) -> [Duty] {
        guard let dutyEvery, number % dutyEvery == 0 else { return [] }
        return [
            Duty(
                .notice, id: ConsignmentID.make(at: at), about: key, subject: reference(number), openedAt: at,
                due: at.adding(seconds: 30 * 86_400))
        ]
    }

    /// Its parties; the id is another each time.
    package func key(_ number: Int) -> ConsignmentKey {
        ConsignmentKey(.sent, partners[number % partners.count], ConsignmentID.make(at: time(number)))
    }

    package func time(_ number: Int) -> Instant { start.adding(seconds: Int64(number)) }
    package func name(_ number: Int) -> String { "minutes of meeting \(number).pdf" }
    package func reference(_ number: Int) -> String { "CASE-\(number / 3)" }

    /// The digest that delivery `number` carries.
    package func digest(_ number: Int) -> Digest { crypto.sha256(Array("file \(number)".utf8)) }

    private func record(_ number: Int, _ key: ConsignmentKey, _ at: Instant) -> ConsignmentRecord {
        ConsignmentRecord(
            key: key, state: .claimed, route: route, name: name(number), size: 262_144,
            sha256: digest(number), waybill: digest(-number), purpose: "safeguarding-children",
            categories: ["health", "criminal-offence"], basis: ["gdpr-6-1-e", "gdpr-9-2-g"],
            agreement: "tees-safeguarding@2026.1", cases: [reference(number)], claimedAt: at, sentAt: at,
            deliveredAt: at, place: "batch-\(number / 100)/minutes of meeting \(number).pdf")
    }

    private func event(
        _ record: ConsignmentRecord, _ kind: EventKind, _ state: ConsignmentState, statement: Int = 0,
        duties: [Duty] = []
    ) -> NewEvent {
        var record = record
        record.state = state
        let facts: [String: JSON] = ["size": .integer(record.size), "sha256": .string(record.sha256?.hex ?? "")]
        let detail = EventDetail(facts, duties: duties, statement: [UInt8](repeating: 0x30, count: statement))
        return NewEvent(
            at: record.claimedAt ?? start, kind: kind, consignment: record.key.id, partner: record.key.partner,
            detail: detail, record: record)
    }
}
