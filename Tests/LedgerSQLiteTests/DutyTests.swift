import ExchangeTesting
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// Duties in a file that others read and many write.
@Suite struct DutyTests {
    private let fixture: Fixture
    private let arrival: ConsignmentRecord
    private var key: ConsignmentKey { arrival.key }
    private var start: Instant { fixture.start }

    init() throws {
        fixture = try Fixture()
        arrival = try received(fixture.start)
    }

    private func change(_ duties: Duty...) -> NewEvent { later(.duty, key, at: start, duties: duties) }

    private func day(_ number: Int64) -> Instant { start.adding(seconds: number * 86_400) }

    @Test("a command that only reads finds duties and statements beside the open ledger")
    func reader() async throws {
        let ledger = try fixture.open()
        let reader = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        let duty = fixture.duty(.recalled, about: key)
        try await ledger.append([later(.heard, key, at: start, duties: [duty], statement: [7])])
        #expect(try await reader.duties(.open(.recalled), limit: 9) == [duty])
        #expect(try await reader.duties(.open(.recall), limit: 9).isEmpty)
        #expect(try await reader.statements([.heard], of: key).map(\.bytes) == [[7]])
        await #expect(throws: LedgerTrouble.self) {
            try await reader.reads.run { try $0.execute(sql: "DELETE FROM duties") }
        }
        #expect(try await fixture.check(reader) == [])
    }

    @Test("of many that close one duty at once a single one succeeds, and the others fail alone")
    func race() async throws {
        let ledger = try fixture.open()
        let duty = fixture.duty(.review, about: key)
        try await ledger.append([change(duty)])
        let closings = (1...20).map { number in
            var closed = duty
            closed.close(at: day(Int64(number)), by: "daemon", ground: "looked-at")
            return change(closed)
        }
        let others = (0..<20).map(fixture.generator.delivery)
        let failures = await withTaskGroup(of: Bool.self) { group in
            for events in closings.map({ [$0] }) + others {
                group.addTask { do { _ = try await ledger.append(events); return false } catch { return true } }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 19)
        #expect(try await ledger.duties(.open(), limit: 9).isEmpty)
        #expect(try await ledger.counts() == [.sent: [.delivered: 20]])
        #expect(try await fixture.check(ledger) == [])
    }
}
