import Testing
import Vocabulary

@testable import Transport

@Suite("A partner's budget", .timeLimit(.minutes(5)))
struct BudgetTests {
    private let police = Budget.Holder.partner(agency("cleveland-police"))
    private let council = Budget.Holder.partner(agency("hartlepool"))
    private let redcar = Budget.Holder.partner(agency("redcar"))
    private let budget = Budget(.with { $0[.parts] = Budget.Bound(each: 10, all: 16) })

    @Test("nobody takes more than its share, and all together no more than there is")
    func bounds() {
        #expect(budget.take(10, of: .parts, for: police))
        #expect(!budget.take(1, of: .parts, for: police))
        #expect(budget.take(6, of: .parts, for: council))
        #expect(!budget.take(1, of: .parts, for: council), "all is taken")
        budget.give(10, of: .parts, for: police)
        #expect(budget.take(4, of: .parts, for: council))
        #expect(budget.held(.parts) == 10)
        #expect(budget.held(.parts, by: police) == 0)
    }

    @Test("whoever holds nothing may take more than its share where that is said")
    func alone() {
        let budget = Budget(.with { $0[.staged] = Budget.Bound(each: 10) })
        #expect(!budget.take(11, of: .staged, for: police))
        #expect(budget.take(11, of: .staged, for: police, orAlone: true))
        #expect(!budget.take(1, of: .staged, for: police, orAlone: true))
    }

    @Test("whoever is at its own share waits, and keeps nobody else")
    func waitsAlone() async throws {
        let (holding, waiting, other) = (account(police), account(police), account(council))
        #expect(holding.take(8, of: .parts))
        async let granted = waiting.wait(for: 8, of: .parts)
        try await queued(1)
        #expect(await other.wait(for: 8, of: .parts), "another partner is served at once")
        holding.close()
        let isGranted = await granted
        #expect(isGranted)
    }

    @Test("one who lacks what all share is not overtaken for ever")
    func notStarved() async throws {
        let (first, second, small) = (account(police), account(council), account(redcar))
        #expect(first.take(9, of: .parts))
        async let large = second.wait(for: 10, of: .parts)
        try await queued(1)
        #expect(!small.take(1, of: .parts), "there is room, but the other came first")
        first.close()
        let isGranted = await large
        #expect(isGranted)
        #expect(small.take(1, of: .parts))
    }

    @Test("of waybills that come in the smallest goes first: what is only announced keeps out nothing")
    func smallFirst() async throws {
        let budget = Budget(.with { $0[.unread] = Budget.Bound(each: 10) })
        let (first, second, small) = (
            BudgetAccount(budget, police), BudgetAccount(budget, police), BudgetAccount(budget, police)
        )
        #expect(first.take(10, of: .unread))
        async let large = second.wait(for: 10, of: .unread)
        try await eventually { budget.waiting(for: .unread) == 1 }
        async let little = small.wait(for: 1, of: .unread)
        try await eventually { budget.waiting(for: .unread) == 2 }
        first.close()
        let isGranted = await little
        #expect(isGranted)
        second.cut()
        let isLargeGranted = await large
        #expect(!isLargeGranted)
    }

    @Test("one that is cut waits no longer, and what was held goes back when it is over")
    func cut() async throws {
        let (holding, waiting) = (account(police), account(police))
        #expect(holding.take(10, of: .parts))
        async let granted = waiting.wait(for: 1, of: .parts)
        try await queued(1)
        waiting.cut()
        let isGranted = await granted
        #expect(!isGranted)
        #expect(await waiting.wait(for: 20, of: .parts) == false, "nor does it begin to")
        holding.give(4, of: .parts)
        #expect(budget.held(.parts, by: police) == 6)
        holding.close()
        #expect(budget.held(.parts) == 0)
    }

    @Test("what is caused is counted by the minute or hour, and emergencies have a quarter more")
    func rates() {
        let budget = Budget(.with { $0[.ledgerBytes] = 100 })
        let (partner, now) = (Self.agency("redcar"), Instant(seconds: 7200))
        #expect(budget.spend(100, of: .ledgerBytes, by: partner, at: now))
        #expect(!budget.spend(1, of: .ledgerBytes, by: partner, at: now))
        #expect(budget.spend(25, of: .ledgerBytes, by: partner, at: now, quarters: 5))
        #expect(budget.spend(100, of: .ledgerBytes, by: Self.agency("tewv"), at: now))
        #expect(budget.spent(.ledgerBytes, by: partner, at: now) == 125)
        #expect(budget.spend(100, of: .ledgerBytes, by: partner, at: now.adding(seconds: 3600)))
    }

    @Test("who was told no, or waits for long, is named for a minute")
    func over() async throws {
        let now = ContinuousClock.now
        #expect(budget.over(at: now).isEmpty)
        #expect(!budget.take(11, of: .parts, for: police, at: now))
        #expect(budget.over(at: now) == [police: [.held(.parts)]])
        #expect(budget.over(at: now + .seconds(61)).isEmpty)
        let (holding, waiting) = (account(council), account(council))
        #expect(holding.take(10, of: .parts))
        async let granted = waiting.wait(for: 1, of: .parts)
        try await queued(1)
        #expect(budget.over(at: .now + .seconds(70)) == [council: [.held(.parts)]])
        waiting.cut()
        let isGranted = await granted
        #expect(!isGranted)
    }

    @Test("where there is too little for others, whoever holds most of it is named")
    func largest() {
        budget.count(7, of: .staged, for: police)
        budget.count(5, of: .staged, for: council)
        budget.noteLargest(of: .staged, above: 7)
        #expect(budget.over().isEmpty)
        budget.noteLargest(of: .staged, above: 6)
        #expect(budget.over() == [police: [.held(.staged)]])
    }

    @Test("of refused things one line a minute is said, and then how many there were")
    func lines() {
        let (partner, now) = (Self.agency("redcar"), ContinuousClock.now)
        #expect(budget.line("waybill not accepted", of: partner, at: now) == 0)
        for _ in 0..<1000 { #expect(budget.line("waybill not accepted", of: partner, at: now + .seconds(1)) == nil) }
        #expect(budget.line("card not taken", of: partner, at: now) == 0)
        #expect(budget.unsaid(at: now + .seconds(59)).isEmpty)
        #expect(budget.unsaid(at: now + .seconds(61)).map(\.count) == [1000])
        #expect(budget.line("waybill not accepted", of: partner, at: now + .seconds(62)) == 0)
    }

    // MARK: - What the stories are made of

    private func account(_ holder: Budget.Holder) -> BudgetAccount { BudgetAccount(budget, holder) }

    private func queued(_ count: Int) async throws { try await eventually { budget.waiting(for: .parts) == count } }

    private static func agency(_ id: String) -> AgencyID {
        do { return try AgencyID(id) } catch { preconditionFailure("\(error)") }
    }
}

extension Budget.Bounds {
    static func with(_ change: (inout Budget.Bounds) -> Void) -> Budget.Bounds {
        var bounds = Budget.Bounds()
        change(&bounds)
        return bounds
    }
}
