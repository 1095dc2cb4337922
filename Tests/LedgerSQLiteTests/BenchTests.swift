import ExchangeTesting
import Foundation
import Ledger
import LedgerSQLite
import Testing
import Vocabulary

/// `WAYBILL_BENCH=1 swift test -c release --filter BenchTests`: prints figures, asserts the two that the issue asks for.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["WAYBILL_BENCH"] != nil, "a benchmark"))
struct BenchTests {
    private let fixture: Fixture
    /// How many events the ledger holds for the second half.
    private let many = ProcessInfo.processInfo.environment["WAYBILL_BENCH_EVENTS"].flatMap(Int.init) ?? 1_000_000

    init() throws { fixture = try Fixture() }

    private struct Rate {
        let eventsPerSecond: Double
        /// Microseconds of processor time an event: what the machine's other work does not change.
        let cost: Double
    }

    /// Appends these deliveries and prints how fast; the making of the events is not counted.
    @discardableResult
    private func rate(_ ledger: SQLiteLedger, _ what: String, _ deliveries: Range<Int>, width: Int) async throws -> Rate
    {
        let made = deliveries.map(fixture.generator.delivery)
        let (began, processor) = (ContinuousClock().now, clock())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, events) in made.enumerated() {
                if number >= width { try await group.next() }
                group.addTask { try await ledger.append(events) }
            }
            try await group.waitForAll()
        }
        let events = Double(made.count * LedgerGenerator.eventsPerDelivery)
        let rate = Rate(
            eventsPerSecond: events / (ContinuousClock().now - began).seconds,
            cost: Double(clock() - processor) * 1e6 / Double(CLOCKS_PER_SEC) / events)
        print(
            "append at \(what), \(width) appends of 6 waiting: \(Int(rate.eventsPerSecond)) events/s,",
            "\(format(rate.cost)) us of processor an event")
        return rate
    }

    /// The median of 50 runs.
    private func time(_ what: String, _ body: () async throws -> Int) async throws -> Double {
        let clock = ContinuousClock()
        var (times, found) = ([Double](), 0)
        for _ in 0..<50 {
            let began = clock.now
            found = try await body()
            times.append((clock.now - began).seconds * 1000)
        }
        times.sort()
        print("  \(what): \(format(times[25])) ms median, \(format(times[49])) ms worst, \(found) found")
        return times[25]
    }

    private func format(_ number: Double) -> String { String(format: "%.2f", number) }

    @Test(
        "appending does not slow down with size; one delivery among many is found within 5 ms", .timeLimit(.minutes(20))
    )
    func bench() async throws {
        let ledger = try fixture.open()
        try await rate(ledger, "0", 0..<100, width: 1)
        let empty = try await rate(ledger, "600", 100..<10_100, width: 400)
        try await fixture.generator.fill(ledger, events: many - 60_600, from: 10_100)
        let next = many / 6 + 10
        try await rate(ledger, "\(many)", next..<(next + 100), width: 1)
        let full = try await rate(ledger, "\(many)", (next + 100)..<(next + 10_100), width: 400)
        #expect(full.cost < empty.cost * 1.5)
        try await queries(ledger)
        let began = ContinuousClock().now
        let report = try await LedgerCheck(ledger, crypto: fixture.crypto).run()
        print("check of \(report.events) events: \(format((ContinuousClock().now - began).seconds)) s")
        #expect(report.isClean)
    }

    private func queries(_ ledger: SQLiteLedger) async throws {
        func list(_ set: (inout LedgerFilter) throws -> Void) async throws -> Int {
            var filter = LedgerFilter()
            try set(&filter)
            return try await ledger.list(filter, limit: 50).count
        }
        let digest = fixture.generator.digest(many / 12)
        var filter = LedgerFilter()
        filter.sha256 = digest
        let key = try #require(try await ledger.list(filter, limit: 1).first?.key)
        let late = fixture.start.adding(seconds: Int64(many / 12))
        let harbour = try AgencyID("harbour")
        var medians = [
            try await time("by digest") { try await list { $0.sha256 = digest } },
            try await time("by id") { try await list { $0.id = key.id } },
            try await time("by case") { try await list { $0.caseReference = "CASE-\(many / 36)" } },
            try await time("by name, 50 of many") { try await list { $0.name = "minutes of meeting \(many / 12)*" } },
            try await time("by partner, newest 50") { try await list { $0.partner = harbour } },
            try await time("by state, none") { try await list { $0.states = [.held] } },
            try await time("by all open states") { try await list { $0.states = ConsignmentState.open } },
            try await time("by time, 50") { try await list { $0.until = late } },
            try await time("partner, state, time, 50") {
                try await list {
                    $0.partner = harbour; $0.states = [.delivered]; $0.until = late
                }
            },
            try await time("record") { try await ledger.record(key) == nil ? 0 : 1 },
            try await time("events of one") { try await ledger.events(of: key).count },
        ]
        let seq = try #require(try await ledger.events(of: key).last).seq
        medians.append(try await time("checkpoint and proof") { try await ledger.proof(of: seq).hashes.count })
        #expect(medians.allSatisfy { $0 <= 5 })
        _ = try await time("counts") { try await ledger.counts().count }
        _ = try await time("name with a leading star, none") { try await list { $0.name = "*nothing*" } }
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
