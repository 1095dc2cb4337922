import Exchange
import Testing
import Transport
import Vocabulary

@Suite("Signals")
struct SignalsTests {
    private let second: Int64 = 1_000_000_000

    @Test("what is told before a listener looks is kept for it, and what is equal is one")
    func kept() async throws {
        let signals = Signals()
        let police = try AgencyID("police")
        let (one, other) = (signals.listen(for: .exchanged), signals.listen(for: .exchanged))
        for _ in 0..<100 { signals.send(.exchanged(police)) }
        signals.send(.post)
        for hearing in [one, other] {
            var looks = hearing.makeAsyncIterator()
            #expect(await looks.next() == [.exchanged(police)])
        }
    }

    @Test("a listener that was cancelled ends", .timeLimit(.minutes(5)))
    func cancelled() async {
        let signals = Signals()
        let listening = Task { for await _ in signals.listen(for: .post) {} }
        listening.cancel()
        await listening.value
    }

    @Test("whatever is told while a listener looks makes it look again")
    func again() async {
        let signals = Signals()
        let hearing = signals.listen(for: .news)
        var looks = hearing.makeAsyncIterator()
        signals.send(.news)
        #expect(await looks.next() == [.news])
        signals.send(.news)
        hearing.again(after: 0)
        var heard: Set<Signal> = []
        while heard != [.news, .again] { heard.formUnion(await looks.next() ?? []) }
    }

    @Test("each listener hears of a partner at most once a second, and of each partner")
    func oncePerSecond() async throws {
        let (a, b) = (try AgencyID("police"), try AgencyID("council"))
        let signals = Signals()
        var looks = signals.listen(for: .seen).makeAsyncIterator()
        signals.saw(a, at: 0)
        #expect(await looks.next() == [.seen(a)])
        signals.saw(a, at: second - 1)
        signals.saw(b, at: second - 1)
        #expect(await looks.next() == [.seen(b)])
        signals.saw(a, at: second)
        #expect(await looks.next() == [.seen(a)])
    }

    @Test("a partner who asks about a consignment is seen, a stranger is not", .timeLimit(.minutes(5)))
    func seenAtTheDesk() async throws {
        try await inTemporaryFolder { root in
            let clock = Clock()
            let (us, them) = (try TestAgency("council", root: root), try TestAgency("police", root: root))
            let house = try us.house(knowing: [them.asPartner()], at: clock)
            let desk = house.desk()
            var looks = house.agency.signals.listen(for: .seen).makeAsyncIterator()
            let id = ConsignmentID.make(at: clock.now)
            _ = await desk.status(of: id, for: try AgencyID("nobody"))
            _ = await desk.status(of: id, for: them.id)
            #expect(await looks.next() == [.seen(them.id)])
        }
    }
}

@Suite("What is watched")
struct WatchedTests {
    @Test("whoever waits goes on once it fits, at once if it does already", .timeLimit(.minutes(5)))
    func fits() async throws {
        let count = Watched(0)
        let waiting = Task { try await count.until { $0 >= 3 } }
        for _ in 0..<3 { count.change { $0 += 1 } }
        try await waiting.value
        try await count.until { $0 == 3 }
        #expect(await count.until(within: 0.01) { $0 > 3 } == false)
    }

    @Test("whoever was cancelled does not go on", .timeLimit(.minutes(5)))
    func cancelled() async {
        let never = Watched(false)
        let waiting = Task { try await never.untilOpen() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
