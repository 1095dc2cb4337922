import Exchange
import Testing

/// A plan that expectations may change.
private final class Held {
    private var plan: TimestampPlan

    init(every: Double, covered: Int64, age: Double, at now: Double) {
        plan = TimestampPlan(every: every, covered: covered, age: age, at: now)
    }

    var covered: Int64 { plan.covered }
    var look: Double { plan.look }
    func pause(at now: Double) -> Double? { plan.pause(at: now) }
    func foundNothing() { plan.foundNothing() }
    func kept(_ size: Int64, at now: Double) -> Bool { plan.kept(size, at: now) }
    func failed(_ why: String, at now: Double, dice: Double, after: Int64?) -> Bool {
        plan.failed(why, at: now, dice: dice, after: after)
    }
}

/// When a token is asked for, by a clock that a test moves.
@Suite struct TimestampPlanTests {
    @Test("the first token is asked for at once, the next after the time between two")
    func first() {
        let plan = Held(every: 3600, covered: 0, age: 0, at: 100)
        #expect(plan.pause(at: 100) == nil)
        #expect(!plan.kept(5, at: 101))
        #expect(plan.covered == 5)
        #expect(plan.pause(at: 102) == 60)
        #expect(plan.pause(at: 3690) == 11)
        #expect(plan.pause(at: 3701) == nil)
    }

    @Test(
        "after a restart what is left of the time is waited for, whatever the clocks say",
        arguments: [(0.0, 3600.0), (3000, 600), (3600, 0), (1_000_000, 0), (-86_400, 3600)])
    func restart(age: Double, left: Double) {
        let plan = Held(every: 3600, covered: 7, age: age, at: 50)
        #expect((plan.pause(at: 50) == nil) == (left == 0))
        #expect(plan.pause(at: 50 + left) == nil)
        guard left > 0 else { return }
        #expect(plan.pause(at: 49.5 + left) == 0.5)
    }

    @Test("failures make the pauses longer, up to 15 minutes, and each reason is told once an outage")
    func failures() {
        let plan = Held(every: 3600, covered: 0, age: 0, at: 0)
        var (now, asked, longest) = (0.0, 0, 0.0)
        while now < 86_400 {
            if let pause = plan.pause(at: now) {
                now += pause
                continue
            }
            #expect(plan.failed("away", at: now, dice: 0.99, after: nil) == (asked == 0))
            asked += 1
            let before = now
            while let pause = plan.pause(at: now) { now += pause }
            longest = max(longest, now - before)
        }
        #expect(plan.failed("lies", at: now, dice: 0.5, after: nil))
        #expect((96...120).contains(asked), "\(asked)")
        #expect((800...901).contains(longest), "\(longest)")
        #expect(plan.kept(9, at: now))
        #expect(plan.failed("away", at: now, dice: 0.5, after: nil))
    }

    @Test("a ledger that has not grown is looked at again, and nobody is asked")
    func nothing() {
        let plan = Held(every: 20, covered: 3, age: 100, at: 0)
        #expect(plan.pause(at: 0) == nil)
        plan.foundNothing()
        #expect(plan.look == 20)
        #expect(plan.pause(at: 20) == nil)
        #expect(!plan.kept(4, at: 20))
    }

    @Test("who is asked to wait by the authority waits, at most until the time between two tokens")
    func retryAfter() {
        let plan = Held(every: 3600, covered: 0, age: 0, at: 0)
        _ = plan.failed("busy", at: 0, dice: 0, after: 300)
        #expect(plan.pause(at: 299) == 1)
        #expect(plan.pause(at: 300) == nil)
        _ = plan.failed("busy", at: 300, dice: 0, after: 1_000_000)
        #expect(plan.pause(at: 1200) == nil)
    }
}
