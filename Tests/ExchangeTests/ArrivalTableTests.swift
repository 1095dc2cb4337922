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
        #expect(await table.enter(key, old, isUrgent: false) { Task { table.leave(key, old) } })
        #expect(await table.enter(key, new, isUrgent: false, cut: {}))
        table.leave(key, old)
        #expect(table.isArriving(key), "only its own ticket ends an arrival")
        table.leave(key, new)
        #expect(!table.isArriving(key))
    }

    /// Else it would wait, past every limit, for whoever came in between and knows nothing of it.
    @Test("a newcomer that finds a third one in the place of the one that it cut is told to come again")
    func third() async throws {
        let (table, key) = (table, key)
        let (old, new, third) = (try ticket(), try ticket(), try ticket())
        let isIn = await table.enter(key, old, isUrgent: false) {
            table.leave(key, old)
            let entered = DispatchSemaphore(value: 0)
            Task {
                _ = await table.enter(key, third, isUrgent: false, cut: {})
                entered.signal()
            }
            entered.wait()
        }
        #expect(isIn)
        #expect(await !table.enter(key, new, isUrgent: false, cut: {}))
        #expect(table.isArriving(key))
    }
}
