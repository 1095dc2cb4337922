import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Testing
import Transport
import Vocabulary

extension LaterStatementTests.Pair {
    func inbox(_ name: String) -> String { "\(scene.police.root)/inbox/stockton/strategy-meeting/\(name)" }

    /// One life of the recipient's watch.
    func watching(_ body: () async throws -> Void) async throws {
        // A life of its own knows nothing of the former: as after a restart.
        let watch = scene.policeHouse.watch
        let running = Task { await watch.run() }
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        running.cancel()
        await running.value
        try outcome.get()
    }

    func until(_ done: () async throws -> Bool) async throws {
        for _ in 0..<2400 where try await !done() { try await Task.sleep(for: .milliseconds(25)) }
        #expect(try await done(), "in vain; \(policeAgency.alarms.current)")
    }

    /// Everything that happened before has been seen by the watch: a later event of the same queue has.
    func fence() async throws {
        let id = try await deliver(name: "fence-\(UInt32.random(in: 0...UInt32.max)).pdf")
        let record = try await policeAgency.ledger.record(ConsignmentKey(.received, scene.stockton.id, id))
        try FileManager.default.removeItem(atPath: inbox(try #require(record?.place)))
        try await awaitClosed(id)
    }

    func owed(_ agency: Agency, _ kind: Duty.Kind, _ id: ConsignmentID) async throws -> Duty? {
        try await duties(agency, kind).first { $0.consignment.id == id }
    }

    func awaitClosed(_ id: ConsignmentID) async throws {
        try await until { try await owed(policeAgency, .collection, id)?.isOpen == false }
    }

    /// What the recipient has signed of a consignment, in its ledger.
    func said(_ id: ConsignmentID) async throws -> [LaterStatement] {
        try await later(.said, ConsignmentKey(.received, scene.stockton.id, id), in: policeAgency)
    }

    /// What the sender has heard.
    func heard(_ id: ConsignmentID) async throws -> [LaterStatement] {
        try await later(.heard, ConsignmentKey(.sent, scene.police.id, id), in: scene.agency)
    }

    private func later(
        _ kind: EventKind, _ key: ConsignmentKey, in agency: Agency
    ) async throws -> [LaterStatement] {
        try await agency.ledger.statements([kind], of: key).map {
            try LaterStatement(parsing: StatementVerifier.uncheckedContent(of: $0.bytes))
        }
    }
}

extension Ledger {
    /// The same consignment as if another partner had sent it.
    func received(_ like: ConsignmentRecord, from partner: AgencyID, at now: Instant) async throws {
        var record = like
        record.key = ConsignmentKey(.received, partner, like.key.id)
        for (kind, state) in [(EventKind.publishing, ConsignmentState.publishing), (.received, .delivered)] {
            record.state = state
            try await append([
                NewEvent(
                    at: now, kind: kind, consignment: record.key.id, partner: partner, detail: EventDetail([:]),
                    record: record)
            ])
        }
    }
}
