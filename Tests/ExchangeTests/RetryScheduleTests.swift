import Exchange
import Testing

@Suite struct RetryScheduleTests {
    @Test("a partner that is near is never waited for")
    func near() {
        var schedule = RetrySchedule()
        #expect(schedule.ask(at: 0) == .go)
        #expect(schedule.ask(at: 0) == .go)
    }

    @Test("while a partner is away one attempt probes and the others wait")
    func probe() {
        var schedule = RetrySchedule(first: 1, most: 300)
        schedule.failed(at: 100, dice: 0.9, after: nil)
        #expect(schedule.ask(at: 100) == .wait(until: 100.9))
        #expect(schedule.ask(at: 101) == .go)
        #expect(schedule.ask(at: 101) == .waitForProbe)
        schedule.succeeded()
        #expect(schedule.ask(at: 101) == .go)
        #expect(!schedule.isAway)
    }

    @Test("an urgent file is tried after 1, 2, 4, 8 and then every 15 s, a tenth to either side")
    func urgent() {
        let usual = [1.0, 2, 4, 8, 15, 15, 15]
        for (failures, wait) in usual.enumerated() {
            for dice in [0, 0.5, 0.999] {
                let delay = UrgentSchedule.delay(after: failures + 1, dice: dice, asked: nil)
                #expect(abs(delay - wait) <= wait / 10)
            }
        }
    }

    @Test("a partner away costs an urgent file at most 20 attempts in the first minute, however the dice fall")
    func urgentMinute() {
        var (attempts, time) = (1, 0.0)
        while time < 60 {
            time += UrgentSchedule.delay(after: attempts, dice: 0, asked: nil)
            attempts += 1
        }
        #expect(attempts <= 20)
    }

    @Test("a partner that asks for patience is heard, but for an urgent file for no longer than 15 s")
    func urgentPatience() {
        #expect(UrgentSchedule.delay(after: 1, dice: 0.5, asked: 10) == 10)
        #expect(UrgentSchedule.delay(after: 1, dice: 0.5, asked: 86_400) == 15)
    }

    @Test("a partner who has just spoken to us is probed without waiting for the schedule")
    func seen() {
        var schedule = RetrySchedule(first: 1, most: 300)
        for _ in 0..<8 { schedule.failed(at: 0, dice: 0.9, after: nil) }
        schedule.seen(at: 5)
        #expect(schedule.ask(at: 5) == .go)
        #expect(schedule.ask(at: 5) == .waitForProbe)
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
        #expect(schedule.ask(at: 10) == .go)
        schedule.learntNothing()
        #expect(schedule.ask(at: 10) == .go)
        #expect(schedule.isAway)
    }
}
