import ExchangeTesting
import Ledger
@testable import LedgerSQLite
import Synchronization
import Testing
import Vocabulary

/// Several groups of events in one commit, and who hears of a write that fails.
@Suite struct BatchTests {
    private let fixture: Fixture
    private let heard = Heard()
    private var ledger: SQLiteLedger { get throws { try fixture.open(onBroken: heard.note) } }

    init() throws { fixture = try Fixture() }

    /// What the ledger told whoever runs it.
    private final class Heard: Sendable {
        private let list = Mutex<[LedgerTrouble]>([])
        var troubles: [LedgerTrouble] { list.withLock { $0 } }
        func note(_ trouble: LedgerTrouble) { list.withLock { $0.append(trouble) } }
    }

    @Test("the groups of one call are one commit, whether one of them is refused or not", arguments: [20, 6, nil])
    func oneCommit(refused: Int?) async throws {
        let ledger = try ledger
        var groups = (0..<20).map(fixture.generator.delivery)
        if let refused, refused < 20 { groups[refused].removeFirst() }
        let before = ledger.testOnlyCommits
        let answers = try await ledger.append(each: groups)
        #expect(ledger.testOnlyCommits == before + 1)
        for (number, answer) in answers.enumerated() {
            switch answer {
            case .success(let numbers): #expect(numbers.count == 6 && number != refused)
            case .failure(let trouble): #expect(trouble.word == "refused" && number == refused)
            }
        }
        #expect(heard.troubles.isEmpty)
        #expect(try await fixture.check(ledger) == [])
    }

    @Test("a call of more groups than a commit usually takes is not divided")
    func undivided() async throws {
        let ledger = try ledger
        let before = ledger.testOnlyCommits
        let answers = try await ledger.append(each: (0..<501).map { Array(fixture.generator.delivery($0).prefix(1)) })
        #expect(try answers.flatMap { try $0.get() } == Array(0..<501))
        #expect(ledger.testOnlyCommits == before + 1)
    }

    @Test("what the file itself refuses of one group is undone alone, and whoever runs the ledger hears of it")
    func constraint() async throws {
        let ledger = try ledger
        let groups = (0..<3).map(fixture.generator.delivery)
        let id = try #require(groups[1][0].consignment).column.map { Hex.encode([$0]) }.joined()
        // After five of its leaves were written.
        try fixture.tamper(
            """
            CREATE TRIGGER refusing BEFORE INSERT ON leaves WHEN NEW.consignment = x'\(id)' AND NEW.kind = 'delivered'
            BEGIN SELECT RAISE(ABORT, 'not this one'); END
            """)
        let answers = try await ledger.append(each: groups)
        #expect(try answers[0].get() == [0, 1, 2, 3, 4, 5])
        #expect(try answers[2].get() == [6, 7, 8, 9, 10, 11])
        let trouble = await #expect(throws: LedgerTrouble.self) { try await ledger.append(groups[1]) }
        #expect(trouble?.word == "broken")
        #expect(answers[1] == .failure(try #require(trouble)))
        #expect(heard.troubles == [trouble, trouble])
        // It is the append that is to blame: the ledger goes on, until whoever runs it stops.
        try await ledger.append(fixture.generator.delivery(3))
        try fixture.tamper("DROP TRIGGER refusing")
        #expect(try await fixture.check(ledger) == [])
    }

    @Test("every write of a broken ledger is heard of; what is refused, full or read is not")
    func broken() async throws {
        let ledger = try ledger
        let key = fixture.generator.key(0)
        await #expect(throws: LedgerTrouble.self) { try await ledger.append([fixture.generator.delivery(0)[3]]) }
        await #expect(throws: LedgerTrouble.self) { try await ledger.inclusionProof(of: 0, in: 1) }
        #expect(heard.troubles.isEmpty)
        let attempt = Attempt(key: key, count: 1, lastAt: fixture.start, nextAt: fixture.start, why: "away")
        try fixture.tamper(
            """
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'leaves';
            PRAGMA schema_version = 99
            """)
        let writes: [() async throws -> Void] = [
            { try await ledger.append(fixture.generator.delivery(0)) }, { try await ledger.remember("a", "b") },
            { try await ledger.clearStagingMark(key) }, { try await ledger.noteAttempt(attempt) },
            { _ = try await ledger.beginEpoch([:], at: fixture.start) },
        ]
        for (number, write) in writes.enumerated() {
            await #expect(throws: LedgerTrouble.self) { try await write() }
            #expect(heard.troubles.map(\.word) == Array(repeating: "broken", count: number + 1))
        }
    }

    @Test("nothing is written through a ledger that is open for reading")
    func readOnly() async throws {
        let ledger = try ledger
        try await ledger.append(fixture.generator.delivery(0))
        let reader = try LedgerReader(path: fixture.path, crypto: fixture.crypto)
        let refusal = LedgerTrouble.broken("the ledger is open for reading only")
        await #expect(throws: refusal) { try await reader.append(fixture.generator.delivery(1)) }
        await #expect(throws: refusal) { try await reader.remember("a", "b") }
        await #expect(throws: refusal) { try await reader.clearStagingMark(fixture.generator.key(0)) }
        #expect(try await reader.counts() == [.sent: [.delivered: 1]])
    }
}
