import Testing

@testable import TransportHTTPS

struct RateMeterTests {
    private let start = ContinuousClock.now
    private let least = MinimumRate(bytes: 1000, per: .seconds(10))

    @Test("nothing for the whole window is too slow")
    func silence() {
        let meter = RateMeter(least, askedAt: start)
        #expect(!meter.isTooSlow(at: start + .seconds(9)))
        #expect(meter.isTooSlow(at: start + .seconds(10)))
    }

    @Test("a trickle is too slow, however steady")
    func trickle() {
        var meter = RateMeter(least, askedAt: start)
        for second in 1...10 {
            meter.receive(10, at: start + .seconds(second))
            meter.ask(at: start + .seconds(second))
        }
        #expect(meter.isTooSlow(at: start + .seconds(10)))
    }

    @Test("enough bytes open a new window")
    func enough() {
        var meter = RateMeter(least, askedAt: start)
        meter.receive(1000, at: start + .seconds(9))
        meter.ask(at: start + .seconds(9))
        #expect(!meter.isTooSlow(at: start + .seconds(18)))
        #expect(meter.isTooSlow(at: start + .seconds(19)))
    }

    @Test("time in which nothing was asked for does not count")
    func ownPause() {
        var meter = RateMeter(least, askedAt: start)
        meter.receive(10, at: start + .seconds(1))
        #expect(!meter.isTooSlow(at: start + .seconds(1000)))
        meter.ask(at: start + .seconds(1000))
        #expect(!meter.isTooSlow(at: start + .seconds(1008)))
        #expect(meter.isTooSlow(at: start + .seconds(1009)))
    }
}
