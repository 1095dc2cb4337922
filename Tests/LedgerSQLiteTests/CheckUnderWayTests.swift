import ExchangeTesting
import Foundation
import Ledger
@testable import LedgerSQLite
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

    /// Each round: a consignment with a duty that passes, a signed checkpoint that is kept, and the one before erased.
    private static func write(_ ledger: SQLiteLedger, _ fixture: Fixture) async throws -> Int {
        var (round, last) = (0, ConsignmentKey?.none)
        while !Task.isCancelled, round < mostRounds {
            round += 1
            let at = fixture.start.adding(seconds: 100_000 + Int64(round))
            var record = try received(at)
            try await ledger.append([event(.publishing, record, at: at)])
            record.state = .delivered
            let duty = fixture.duty(.collection, about: record.key)
            try await ledger.append([event(.received, record, at: at, duties: [duty])])
            _ = try await ledger.checkpoint()
            if let last {
                let wish = Erasure([last], selector: .id, because: "Asked for.", by: "person:officer")
                _ = try await ledger.erase(wish, at: at)
            }
            last = record.key
            try? await Task.sleep(for: .milliseconds(10))
        }
        return round
    }
}
