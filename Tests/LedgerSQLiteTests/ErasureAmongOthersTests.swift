import ExchangeTesting
import Foundation
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

extension ErasureTests {
    // MARK: Finding

    @Test(
        "a person is found by label, by duty, and by whatever detail still holds the reference; age by the last event")
    func search() async throws {
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: 60, width: 1)
        let (labelled, hinted) = (try planted(1, at: fixture.start), try planted(2, at: fixture.start))
        try await ledger.append(labelled)
        try await ledger.append(hinted)
        let other = try received(fixture.start)
        try await ledger.append([
            event(
                .publishing, other, at: fixture.start,
                duties: [fixture.duty(.notice, about: other.key, subject: Self.reference(1))])
        ])
        try fixture.tamper("UPDATE consignments SET cases = '[]'; DELETE FROM cases WHERE ref = 'ERASE-ME-2'")
        #expect(try await found(.subject(Self.reference(1)), ledger) == [key(labelled), other.key])
        #expect(try await found(.subject(Self.reference(2)), ledger) == [key(hinted)])
        #expect(try await found(.subject("ERASE-ME"), ledger) == [])
        #expect(try await found(.consignment(key(hinted).id), ledger) == [key(hinted)])
        #expect(try await found(.before(fixture.start), ledger) == [])
        #expect(try await found(.before(fixture.start.adding(seconds: 5)), ledger).count == 5 + 2 + 1)
        try await ledger.append([later(.said, try key(hinted), at: officer)])
        #expect(try await found(.before(fixture.start.adding(seconds: 5)), ledger).count == 5 + 1 + 1)
    }

    // MARK: One person among others

    @Test("one person's reference is taken out of a record and nothing else; no file holds it, and the check knows why")
    func referenceAlone() async throws {
        let ledger = try fixture.open()
        let (his, hers) = (Self.reference(1), Self.reference(2))
        var record = try received(fixture.start)
        record.cases = [his, hers]
        let owed = [his, hers].map { fixture.duty(.notice, about: record.key, subject: $0) }
        try await ledger.append([
            event(.publishing, record, at: fixture.start, statement: Array("{\"ref\":\"\(his)\"}".utf8))
        ])
        record.state = .delivered
        try await ledger.append([event(.received, record, at: fixture.start, statement: [1, 2])])
        try await ledger.append(owed.map { later(.duty, record.key, at: fixture.start, duties: [$0]) })
        func order(_ reference: String) -> Erasure.OfReference {
            let file = ErasedFile(key: record.key, route: record.route, mark: nil)
            return Erasure.OfReference(
                record.key, reference: reference, because: "Asked for.", by: "person:officer", file: file)
        }
        let candidate = try #require(try await ErasureSearch(ledger).candidate(record.key))
        #expect(candidate.persons == [his, hers])
        // He is still to be told.
        await #expect(throws: LedgerTrouble.self) { try await ledger.erase(order(his), at: officer) }
        let told = owed[0].closed(at: officer, by: "person:x", ground: "14-5-a")
        try await ledger.append([later(.duty, record.key, at: officer, duties: [told])])

        _ = try await ledger.erase(order(his), at: officer)
        for name in try await ledger.remembered(named: Erasure.Pending.references).keys {
            try await ledger.remember(name, nil)
        }
        try await ledger.scrub()
        #expect(try await fixture.check(ledger) == [])
        #expect(try found(1) == [])
        let now = try #require(try await ledger.record(record.key))
        #expect(now.cases == [hers] && now.name == record.name && now.erasedAt == nil && now.state == .delivered)
        #expect(try await ledger.statement(.received, of: record.key) == [1, 2])
        #expect(try await ledger.statement(.publishing, of: record.key) == nil)
        #expect(try await ledger.duties(.open(.notice), limit: 10).map(\.subject) == [hers])
        try await ledger.close()
        #expect(try await fixture.check(fixture.open()) == [])
    }

    @Test("somebody else's name, a review date to come, and a label that names nobody give concern")
    func concerns() throws {
        let today = try CalendarDate("2026-11-30")
        func concerns(_ persons: [String], _ subject: String?, _ purpose: String = "pu-2", review: String? = nil) throws
            -> [String]
        {
            var record = try received(fixture.start)
            record.purpose = purpose
            var candidate = ErasureCandidate(record: record, lastAt: fixture.start, details: 1, open: [])
            candidate.persons = persons
            return candidate.concerns(about: subject, review: try review.map { try CalendarDate($0) }, on: today)
                .map(\.word)
        }
        #expect(try concerns(["A"], "A") == [])
        #expect(try concerns(["A", "B", "C"], "A") == ["others 2"])
        // By age or by id a record of one person is theirs, one of several is everybody's.
        #expect(try concerns(["A"], nil) == [])
        #expect(try concerns(["A", "B"], nil) == ["others 2"])
        #expect(try concerns(["A"], "A", review: "2026-12-01") == ["review 2026-12-01"])
        #expect(try concerns(["A"], "A", review: "2026-11-30") == [])
        #expect(try concerns([], nil, "pu-3.1") == ["names-nobody"])
        #expect(try concerns([], nil, "pu-1") == ["names-nobody"])
        #expect(try concerns([], nil, "pu-31") == [])
    }

    private func found(_ wanted: ErasureSearch.Wanted, _ ledger: SQLiteLedger) async throws -> Set<ConsignmentKey> {
        var keys: Set<ConsignmentKey> = []
        try await ErasureSearch(ledger).each(wanted) { keys.formUnion($0.map(\.record.key)) }
        return keys
    }
}
