import Dispatch
import Folders
import Testing
import Transport
import Vocabulary

@testable import Exchange

/// At most one arrival of a consignment, and nobody waits for one that was not asked to go.
@Suite(.timeLimit(.minutes(5))) struct ArrivalTableTests {
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

    @Test("a waybill that was not read on because of our own work has its ten seconds anew, and is cut after them")
    func renewed() {
        var unread = UnreadArrivals(limit: 2)
        let now = ContinuousClock.now
        _ = unread.enter(1, from: key.partner, cut: {}, at: now)
        unread.renew(1, from: key.partner, cut: {}, at: now + .seconds(9))
        #expect(unread.overdue(at: now + .seconds(15)).isEmpty)
        #expect(unread.overdue(at: now + .seconds(19)).count == 1)
        #expect(unread.isEmpty)
    }

    @Test("hundreds of one name have their numbers at once, in one job")
    func names() async throws {
        try await inTemporaryFolder { root in
            let folder = try Folder(root)
            let (names, twin) = (TakenNames(), TakenNames())
            var given = TakenNames.Given()
            let all = try (1...5).map { _ in try names.reserve("a.txt", in: folder, besides: &given) }
            #expect(all == ["a.txt", "a (2).txt", "a (3).txt", "a (4).txt", "a (5).txt"])
            // Nothing of it is in the folder: another job begins again.
            var anew = TakenNames.Given()
            #expect(try twin.reserve("a.txt", in: folder, besides: &anew) == "a.txt")
        }
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
