import Exchange
import Testing

@Suite struct RetryScheduleTests {
    @Test("a partner that is near is never waited for")
    func near() {
        var schedule = RetrySchedule()
        #expect(schedule.ask(at: 0, isEmergency: false) == .go)
        #expect(schedule.ask(at: 0, isEmergency: false) == .go)
    }

    @Test("while a partner is away one attempt probes and the others wait")
    func probe() {
        var schedule = RetrySchedule(first: 1, most: 300)
        schedule.failed(at: 100, dice: 0.9, after: nil)
        #expect(schedule.ask(at: 100, isEmergency: false) == .wait(until: 100.9))
        #expect(schedule.ask(at: 101, isEmergency: false) == .go)
        #expect(schedule.ask(at: 101, isEmergency: false) == .waitForProbe)
        schedule.succeeded()
        #expect(schedule.ask(at: 101, isEmergency: false) == .go)
        #expect(!schedule.isAway)
    }

    @Test("an emergency ignores the schedule")
    func emergency() {
        var schedule = RetrySchedule()
        schedule.failed(at: 0, dice: 0.5, after: nil)
        #expect(schedule.ask(at: 0, isEmergency: true) == .go)
    }

    @Test(
        "waits double, with jitter, and never exceed the most",
        arguments: [(1, 0.99), (3, 3.96), (8, 126.72), (40, 297.0)])
    func doubling(_ failures: Int, _ wait: Double) {
        var schedule = RetrySchedule(first: 1, most: 300)
        for _ in 0..<failures { schedule.failed(at: 0, dice: 0.99, after: nil) }
        #expect(abs((schedule.nextTry ?? -1) - wait) < 0.001)
    }

    @Test("a partner's own Retry-After is the least")
    func retryAfter() {
        var schedule = RetrySchedule(first: 1, most: 300)
        schedule.failed(at: 0, dice: 0.1, after: 30)
        #expect(schedule.nextTry == 30)
        schedule.failed(at: 0, dice: 0.1, after: 100_000)
        #expect(schedule.nextTry == 300)
    }

    @Test("no throw of the dice makes a busy loop")
    func least() {
        var schedule = RetrySchedule(first: 1, most: 300)
        schedule.failed(at: 0, dice: 0, after: nil)
        #expect(schedule.nextTry == 0.5)
    }

    @Test("a probe that learnt nothing about the partner lets the next one probe")
    func nothingLearnt() {
        var schedule = RetrySchedule(first: 1, most: 300)
        schedule.failed(at: 0, dice: 0.5, after: nil)
        #expect(schedule.ask(at: 10, isEmergency: false) == .go)
        schedule.learntNothing()
        #expect(schedule.ask(at: 10, isEmergency: false) == .go)
        #expect(schedule.isAway)
    }
}
