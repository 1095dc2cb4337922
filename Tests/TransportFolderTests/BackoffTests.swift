import Testing

@testable import TransportFolder

struct BackoffTests {
    @Test("waits double up to five minutes, and the handler's own time wins")
    func doubling() {
        var patience = Backoff()
        let now = ContinuousClock.now
        #expect(patience.isDue("a", at: now))
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            patience.postpone("a", asked: nil, at: now)
            #expect(!patience.isDue("a", at: now + .seconds(seconds) - .milliseconds(1)))
            #expect(patience.isDue("a", at: now + .seconds(seconds)))
        }
        patience.postpone("a", asked: 7, at: now)
        #expect(patience.isDue("a", at: now + .seconds(7)))
        patience.postpone("a", asked: 86_400, at: now)
        #expect(patience.isDue("a", at: now + .seconds(300)))
        patience.forget("a")
        #expect(patience.isDue("a", at: now))
    }
}
