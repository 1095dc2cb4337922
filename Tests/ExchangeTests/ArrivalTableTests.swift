import Dispatch
import Testing
import Transport
import Vocabulary

@testable import Exchange

/// At most one arrival of a consignment, and nobody waits for one that was not asked to go.
@Suite(.timeLimit(.minutes(1))) struct ArrivalTableTests {
    private let table = ArrivalTable(Budget(Budget.Bounds()))
    private let key: StagingKey

    init() throws { key = StagingKey(partner: try AgencyID("stockton"), id: .make(at: Clock.start)) }

    private func ticket() throws -> Int {
        let ticket = table.begin(from: key.partner, cut: {})
        return try #require(ticket)
    }

    @Test("a newcomer cuts the older one, waits until it has let go, and has its place")
    func supersedes() async throws {
        let (table, key) = (table, key)
        let (old, new) = (try ticket(), try ticket())
        #expect(await table.enter(key, old, .routine) { Task { table.leave(key, old) } })
        #expect(await table.enter(key, new, .routine, cut: {}))
        table.leave(key, old)
        #expect(table.isArriving(key), "only its own ticket ends an arrival")
        table.leave(key, new)
        #expect(!table.isArriving(key))
    }

    @Test("what is here whole waits for nobody and cuts nobody: the same one again is told to come later")
    func whole() async throws {
        let (old, new) = (try ticket(), try ticket())
        #expect(table.enterWhole(key, old) && table.isWhole(key))
        #expect(!table.enterWhole(key, new))
        table.leave(key, new)
        #expect(table.isWhole(key), "only its own ticket ends an arrival")
        table.leave(key, old)
        #expect(!table.isArriving(key))
        #expect(await table.enter(key, new, .routine, cut: {}))
        #expect(!table.enterWhole(key, old) && !table.isWhole(key))
    }

    /// Else it would wait, past every limit, for whoever came in between and knows nothing of it.
    @Test("a newcomer that finds a third one in the place of the one that it cut is told to come again")
    func third() async throws {
        let (table, key) = (table, key)
        let (old, new, third) = (try ticket(), try ticket(), try ticket())
        let isIn = await table.enter(key, old, .routine) {
            table.leave(key, old)
            let entered = DispatchSemaphore(value: 0)
            Task {
                _ = await table.enter(key, third, .routine, cut: {})
                entered.signal()
            }
            entered.wait()
        }
        #expect(isIn)
        #expect(await !table.enter(key, new, .routine, cut: {}))
        #expect(table.isArriving(key))
    }
}
