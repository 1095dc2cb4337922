import ExchangeTesting
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// A check that goes on from where another came to.
@Suite struct ResumeTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func check(_ ledger: some LedgerReading) -> LedgerCheck {
        LedgerCheck(ledger, crypto: fixture.crypto, publicKey: fixture.signer.publicKey)
    }

    @Test("a mark reads back as it was written, and nothing else does")
    func text() async throws {
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: 42, width: 1)
        let mark = try #require(try await check(ledger).run().mark)
        #expect(mark.events == 42 && mark.row == 7 && mark.origin == ledger.origin.description)
        #expect(try CheckMark(parsing: mark.text) == mark)
        let others = [
            "", "x", mark.text + "x\n", String(mark.text.dropLast()), mark.text.replacing("42 7", with: "43 7"),
            mark.text.replacing("42 7", with: "-1 7"), mark.text.replacing("42 7", with: "42"),
        ]
        for text in others { #expect(throws: Malformed.self) { try CheckMark(parsing: text) } }
    }

    @Test("the daily check looks at what came since, and not again at what was found sound")
    func daily() async throws {
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: 60, width: 1)
        let first = try await check(ledger).run()
        #expect(first.isClean && first.consignments == 10)
        try await fixture.generator.fill(ledger, events: 30, from: 10, width: 1)
        let second = try await check(ledger).run(.recent, from: first.mark)
        #expect(second.isClean && second.before == 60 && second.events == 90 && second.consignments == 5)
        #expect(second.mark?.events == 90 && second.mark?.row == 15)
        try await ledger.close()
        try fixture.tamper(
            "DROP TRIGGER details_no_update; UPDATE details SET salt = zeroblob(32) WHERE seq IN (7, 77)")
        let reader = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        let third = try await check(reader).run(.recent, from: first.mark).problems.map(\.place)
        #expect(third == ["trigger details_no_update", "leaf 77"])
        let whole = try await check(reader).run().problems.map(\.place)
        #expect(whole.contains("leaf 7") && whole.contains("leaf 77"))
    }

    @Test("a ledger that is not the one that was checked is found at the mark, and looked at from its beginning")
    func otherTree() async throws {
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: 60, width: 1)
        let mark = try #require(try await check(ledger).run().mark)
        let other = CheckMark(
            origin: mark.origin, row: mark.row,
            frontier: MerkleFrontier(size: 60, peaks: mark.frontier.peaks.reversed()))
        let report = try await check(ledger).run(.recent, from: other)
        #expect(report.problems.map(\.description) == ["tree: 60 events were checked before: they are others now"])
        #expect(report.before == 0 && report.consignments == 10)
        let stranger = CheckMark(origin: "waybill/x/y/z", row: 1, frontier: mark.frontier)
        #expect(try await check(ledger).run(.recent, from: stranger).before == 0)
    }

    @Test("an interrupted check goes on from its last saved mark and comes to the same end")
    func interrupted() async throws {
        let ledger = try fixture.open()
        try await fixture.generator.fill(ledger, events: 4200, width: 50)
        let marks = Marks()
        await #expect(throws: CancellationError.self) {
            try await check(ledger).run(saving: {
                await marks.add($0)
                throw CancellationError()
            })
        }
        #expect(await marks.list.map(\.events) == [2000])
        let whole = try await check(ledger).run(saving: { await marks.add($0) })
        let saved = await marks.list
        #expect(saved.map(\.events) == [2000, 2000, 4000, 4200])
        let rest = try await check(ledger).run(from: saved[0])
        #expect(rest.isClean && rest.before == 2000 && rest.mark == whole.mark)
    }

    private actor Marks {
        private(set) var list: [CheckMark] = []
        func add(_ mark: CheckMark) { list.append(mark) }
    }
}
