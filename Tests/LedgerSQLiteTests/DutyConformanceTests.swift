import ExchangeTesting
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// What every ledger does with duties and later statements, whatever it is made of.
@Suite struct DutyConformanceTests {
    typealias Kind = ConformanceTests.Kind

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

    @Test("a duty opened with another event, deferred and closed by its own reads back whole", arguments: Kind.allCases)
    func life(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        var duty = fixture.duty(.notice, about: key, subject: "CASE-1")
        duty.dueLegal = day(32)
        duty.facts = ["obtained": "2026-01-31", "é": "\"\n"]
        try await ledger.append([event(.publishing, arrival, at: start, duties: [duty])])
        #expect(try await ledger.duties(DutyFilter(), limit: 9) == [duty])
        (duty.state, duty.deferredUntil, duty.by) = (.deferred, day(40), "person:ann")
        (duty.ground, duty.because) = ("14-5-b", "the police ask us to wait")
        try await ledger.append([change(duty)])
        #expect(try await ledger.duties(DutyFilter(), limit: 9) == [duty])
        (duty.due, duty.dueLegal, duty.facts) = (day(20), nil, [:])
        try await ledger.append([change(duty)])
        #expect(try await ledger.duties(DutyFilter(), limit: 9) == [duty])
        duty.close(at: day(41), by: "daemon", ground: "told")
        try await ledger.append([change(duty)])
        #expect(try await ledger.duties(DutyFilter(), limit: 9) == [duty])
        #expect(try await ledger.duties(.open(), limit: 9).isEmpty)
        #expect(try await ledger.events(of: key).map(\.leaf.kind) == [.publishing, .duty, .duty, .duty])
    }

    @Test("one event may carry several duties, and the last of one append counts", arguments: Kind.allCases)
    func several(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        let (one, two) = (fixture.duty(.notice, about: key, days: 1), fixture.duty(.recall, about: key, days: 2))
        var later = one
        later.due = day(3)
        try await ledger.append([change(one, two), change(later)])
        #expect(try await ledger.duties(DutyFilter(), limit: 9) == [two, later])
    }

    @Test("what is refused writes no duty and changes none", arguments: Kind.allCases)
    func refused(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        let fresh = fixture.duty(.review, about: key)
        await #expect(throws: LedgerTrouble.self) {
            try await ledger.append([change(fresh), later(.received, key, at: start)])
        }
        #expect(try await ledger.duties(DutyFilter(), limit: 9).isEmpty)
        var duty = fixture.duty(.notice, about: key, subject: "CASE-1")
        try await ledger.append([change(duty)])
        var closed = duty
        closed.close(at: day(1), by: "daemon", ground: "told")
        await #expect(throws: LedgerTrouble.self) { try await ledger.append([change(closed), change(duty)]) }
        #expect(try await ledger.duties(DutyFilter(), limit: 9) == [duty])
        try await ledger.append([change(closed)])
        duty.due = day(2)
        let error = await #expect(throws: LedgerTrouble.self) { try await ledger.append([change(fresh, duty)]) }
        #expect(error == .refused("the ledger refused it: duty \(duty.id): is closed and never changes again"))
        #expect(try await ledger.duties(DutyFilter(), limit: 9) == [closed])
        #expect(try await ledger.events(of: key).count == 2)
    }

    /// Seven duties in the order of `next`, about two consignments.
    private func sample() throws -> [Duty] {
        let other = ConsignmentKey(.sent, key.partner, key.id)
        let third = ConsignmentKey(.received, try AgencyID("tees-nhs"), key.id)
        var deferred = fixture.duty(.notice, about: key, subject: "CASE-2", days: 1)
        (deferred.state, deferred.deferredUntil) = (.deferred, day(6))
        var waived = fixture.duty(.incident, about: other, subject: "CASE-1", days: 4)
        (waived.state, waived.deferredUntil) = (.open, day(1))
        var closed = fixture.duty(.notice, about: key, subject: "CASE-1", days: 3)
        closed.close(at: day(2), by: "daemon", ground: "told")
        return [
            fixture.duty(.notice, about: key, subject: "CASE-1", days: 1), fixture.duty(.post, about: third, days: 2),
            closed, waived, fixture.duty(.notice, about: other, subject: "CASE-1", days: 5), deferred,
            fixture.duty(.review, about: key, days: 7),
        ]
    }

    /// Filters, and which of `sample` each finds.
    private func filters() throws -> [(DutyFilter, [Int])] {
        func filter(_ set: (inout DutyFilter) -> Void) -> DutyFilter {
            var filter = DutyFilter()
            set(&filter)
            return filter
        }
        let (key, sent) = (key, ConsignmentKey(.sent, key.partner, key.id))
        return [
            (DutyFilter(), [0, 1, 2, 3, 4, 5, 6]), (.open(), [0, 1, 3, 4, 5, 6]), (.open(.notice), [0, 4, 5]),
            (.open(.post, .review), [1, 6]), (filter { $0.states = [.closed] }, [2]),
            (filter { $0.kinds = [.notice] }, [0, 2, 4, 5]), (filter { $0.kinds = [.recall] }, []),
            (filter { $0.kinds = [] }, []), (filter { $0.states = [] }, []),
            (filter { ($0.states, $0.subject) = ([], "CASE-1") }, []),
            (filter { $0.subject = "CASE-1" }, [0, 2, 3, 4]), (filter { $0.subject = "CASE-9" }, []),
            (filter { $0.consignment = key }, [0, 2, 5, 6]), (filter { $0.consignment = sent }, [3, 4]),
            (filter { $0.dueBefore = day(6) }, [0, 1, 2, 3, 4]), (filter { $0.dueBefore = day(1) }, []),
            (filter { ($0.subject, $0.kinds, $0.states) = ("CASE-1", [.notice], [.open]) }, [0, 4]),
            (filter { ($0.consignment, $0.subject) = (sent, "CASE-1") }, [3, 4]),
            (filter { ($0.consignment, $0.dueBefore) = (key, day(6)) }, [0, 2]),
            (filter { ($0.states, $0.dueBefore) = ([.open, .deferred], day(7)) }, [0, 1, 3, 4, 5]),
        ]
    }

    @Test("every condition holds, the earliest next comes first, and the limit cuts the rest", arguments: Kind.allCases)
    func filters(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        let duties = try sample()
        for duty in duties.reversed() { try await ledger.append([change(duty)]) }
        for (filter, found) in try filters() {
            #expect(try await ledger.duties(filter, limit: 9) == found.map { duties[$0] }, "\(filter)")
            #expect(try await ledger.duties(filter, limit: 2) == found.prefix(2).map { duties[$0] }, "\(filter)")
        }
        for duty in duties {
            var filter = DutyFilter()
            filter.id = duty.id
            #expect(try await ledger.duties(filter, limit: 9) == [duty])
            filter.kinds = [.corrected]
            #expect(try await ledger.duties(filter, limit: 9).isEmpty)
        }
    }

    @Test(
        "page by page every duty comes once and in order, also where many are due at one moment",
        arguments: Kind.allCases)
    func pages(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        let duties = try sample() + (0..<5).map { _ in fixture.duty(.post, about: key, days: 2) }
        for duty in duties { try await ledger.append([change(duty)]) }
        for var filter in [DutyFilter(), .open(.post, .notice)] {
            let whole = try await ledger.duties(filter, limit: 99)
            var paged: [Duty] = []
            while true {
                let page = try await ledger.duties(filter, limit: 2)
                guard let last = page.last else { break }
                paged += page
                filter.after = DutyPlace(last)
            }
            #expect(paged == whole && !whole.isEmpty)
        }
    }

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

    @Test(
        "later statements stand in the story of their consignment, the newest found by kind",
        arguments: Kind.allCases)
    func statements(kind: Kind) async throws {
        let ledger = try fixture.ledger(kind)
        try await ledger.append([event(.publishing, arrival, at: start, statement: [1])])
        try await ledger.append([
            later(.said, key, at: start, statement: [2]), later(.heard, key, at: day(1), statement: [3]),
            later(.duty, key, at: day(1)), later(.heard, key, at: day(2), statement: [4]),
        ])
        let foreign = ConsignmentKey(.received, try AgencyID("tees-nhs"), key.id)
        try await ledger.append([later(.heard, foreign, at: day(3), statement: [5])])
        #expect(try await ledger.statement(.said, of: key) == [2])
        #expect(try await ledger.statement(.heard, of: key) == [4])
        #expect(try await ledger.statement(.duty, of: key) == nil)
        let told = try await ledger.statements([.said, .heard, .duty], of: key)
        #expect(told.map(\.bytes) == [[2], [3], [4]])
        #expect(told.map(\.seq) == [1, 2, 4] && told.map(\.kind) == [.said, .heard, .heard])
        #expect(told.map(\.at) == [start, day(1), day(2)])
        #expect(try await ledger.statements([.said], of: foreign).isEmpty)
        // The same id sent to the same partner: a kind without direction belongs to both stories.
        let sent = ConsignmentKey(.sent, key.partner, key.id)
        #expect(try await ledger.events(of: sent).map(\.leaf.kind) == [.said, .heard, .duty, .heard])
        #expect(try await ledger.statement(.heard, of: sent) == [4])
    }
}
