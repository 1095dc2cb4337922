import ExchangeTesting
import Foundation
import GRDB
import Ledger
@testable import LedgerSQLite
import Synchronization
import Testing
import Vocabulary

/// A check beside a daemon that writes, signs checkpoints, closes duties and erases as fast as it can.
///
/// `WAYBILL_CHECKS=2000` makes so many.
@Suite struct CheckUnderWayTests {
    private static let checks = ProcessInfo.processInfo.environment["WAYBILL_CHECKS"].flatMap(Int.init) ?? 6
    /// More than that outgrows the checks.
    private static let mostRounds = 150
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test("what is compared is read in one moment: a sound ledger that is written to is never called unsound")
    func neverUnsound() async throws {
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: 60, width: 1)
        _ = try await ledger.checkpoint()
        let writing = Task { [fixture] in try await Self.write(ledger, fixture) }
        defer { writing.cancel() }
        let reader = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        for _ in 0..<Self.checks {
            #expect(try await fixture.check(reader) == [])
            #expect(try await fixture.check(ledger) == [])
        }
        writing.cancel()
        let rounds = try await writing.value
        #expect(rounds > 5, "only \(rounds) rounds were written meanwhile")
        try await ledger.close()
    }

    @Test("before each read of a check a newer checkpoint, a duty and an erasure are committed: it finds nothing")
    func betweenReads() async throws {
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: 60, width: 1)
        _ = try await ledger.checkpoint()
        let author = Author(ledger, fixture)
        let reader = try Interrupted(ledger, fixture) {
            if await author.rounds < Self.mostRounds { try await author.round() }
        }
        #expect(try await fixture.check(reader) == [])
        let rounds = await author.rounds
        #expect(rounds > 10 && reader.failures == [], "\(rounds) rounds, \(reader.failures)")
        try await ledger.close()
    }

    private static func write(_ ledger: SQLiteLedger, _ fixture: Fixture) async throws -> Int {
        let author = Author(ledger, fixture)
        while !Task.isCancelled, await author.rounds < mostRounds {
            try await author.round()
            try? await Task.sleep(for: .milliseconds(10))
        }
        return await author.rounds
    }
}

/// Each round: a consignment with a duty that passes, a signed checkpoint that is kept, and the one before erased.
private actor Author {
    private let ledger: SQLiteLedger
    private let fixture: Fixture
    private var last: ConsignmentKey?
    private(set) var rounds = 0

    init(_ ledger: SQLiteLedger, _ fixture: Fixture) { (self.ledger, self.fixture) = (ledger, fixture) }

    func round() async throws {
        rounds += 1
        let at = fixture.start.adding(seconds: 100_000 + Int64(rounds))
        var record = try received(at)
        try await ledger.append([event(.publishing, record, at: at)])
        record.state = .delivered
        // In front of those before, so that a check that goes through them in order comes to an end.
        let id = ConsignmentID.make(at: fixture.start.adding(seconds: -Int64(rounds)))
        let duty = Duty(
            .collection, id: id, about: record.key, subject: nil, openedAt: at, due: at.adding(seconds: 86_400))
        try await ledger.append([event(.received, record, at: at, duties: [duty])])
        _ = try await ledger.checkpoint()
        if let last {
            let wish = Erasure([last], selector: .id, because: "Asked for.", by: "person:officer")
            _ = try await ledger.erase(wish, at: at)
        }
        last = record.key
    }
}

/// A ledger opened for reading, in which something is done before each transaction begins.
private final class Interrupted: LedgerReading {
    let reads: LedgerReads
    let origin: LedgerOrigin
    let path: String
    private let interruptions: Interruptions

    init(_ ledger: SQLiteLedger, _ fixture: Fixture, by body: @escaping @Sendable () async throws -> Void) throws {
        let interruptions = Interruptions(body)
        var configuration = Configuration()
        configuration.readonly = true
        configuration.prepareDatabase { db in
            NameKey.add(to: db)
            db.trace { if "\($0)".hasPrefix("BEGIN") { interruptions.happen() } }
        }
        let database = try DatabaseQueue(path: fixture.path, configuration: configuration)
        reads = LedgerReads(database: database, hasher: MerkleHasher(fixture.crypto), deadline: .seconds(120))
        (origin, path, self.interruptions) = (ledger.origin, ledger.path, interruptions)
    }

    var failures: [String] { interruptions.failures }

    private static let unasked = LedgerTrouble.broken("nobody asks for it")

    func checkpoint() async throws -> String { throw Self.unasked }
    func append(each groups: [[NewEvent]]) async throws -> [Result<[Int64], LedgerTrouble>] { throw Self.unasked }
    func beginEpoch(_ facts: [String: JSON], at now: Instant) async throws -> LedgerOrigin { throw Self.unasked }
    func keep(_ vouched: Vouched) async throws -> Bool { throw Self.unasked }
    func remember(_ facts: [String: String?]) async throws { throw Self.unasked }
    func note(_ staging: StagingMark.Change) async throws { throw Self.unasked }
    func noteAttempt(_ attempt: Attempt) async throws { throw Self.unasked }
}

/// Done while the thread of a reading connection waits.
private final class Interruptions: Sendable {
    private let body: @Sendable () async throws -> Void
    private let said = Mutex<[String]>([])

    init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

    var failures: [String] { said.withLock { $0 } }

    func happen() {
        let done = DispatchSemaphore(value: 0)
        Task {
            do { try await body() } catch { said.withLock { $0.append("\(error)") } }
            done.signal()
        }
        done.wait()
    }
}
