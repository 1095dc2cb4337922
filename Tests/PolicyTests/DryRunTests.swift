import Policy
import Testing
import Vocabulary

@Suite struct DryRunTests {
    private func past(
        _ situation: Situation, _ decided: PastDecision.Outcome, at: String = "2026-11-22T09:00:00.000Z"
    ) throws -> PastDecision {
        let at = try Instant(at)
        return PastDecision(
            id: .make(at: at), at: at, decided,
            of: .init(situation.label, situation.sides, under: situation.agreement))
    }

    /// Only this rule applies, with one outcome or, from a day on, another.
    private func catalogue(
        _ id: String = "R-020", _ outcome: RuleEntry.Outcome = .hold, from: String? = nil
    ) throws -> Catalogue {
        let words = try Words.catalogue()
        let past = try CalendarDate("1970-01-01")
        let rules = words.rules.filter { $0.id != id }.map { rule in
            RuleEntry(
                id: rule.id, citation: rule.citation, outcome: rule.outcome, says: "", validity: Validity(to: past))
        }
        let day = try from.map(CalendarDate.init)
        let eve = day.map { CalendarDate(daysSince1970: $0.daysSince1970 - 1) }
        let new = RuleEntry(id: id, citation: "c", outcome: outcome, says: "", validity: Validity(from: day))
        let old = eve.map { RuleEntry(id: id, citation: "c", outcome: .hold, says: "", validity: Validity(to: $0)) }
        var rows = words.rows
        rows.rules = rules + [old].compactMap(\.self) + [new]
        return Catalogue(version: "new", sha256: words.sha256, rows)
    }

    @Test("the catalogue that decided would decide the same")
    func same() throws {
        var unlawful = try Situation()
        unlawful.label.basis.article9 = []
        let decisions = [try past(Situation(), .release), try past(unlawful, .hold)]
        let run = DryRun(of: decisions, under: try catalogue())
        #expect(run.judged == 2 && run.unchanged == 2)
        #expect(run.changes == [])
    }

    @Test("a stricter rule changes those that it speaks in, and says why")
    func stricter() throws {
        var unlawful = try Situation()
        unlawful.label.basis.article9 = []
        let decisions = [try past(Situation(), .release), try past(unlawful, .hold)]
        let run = DryRun(of: decisions, under: try catalogue("R-020", .block))
        let change = try #require(run.changes.first)
        #expect(run.changes.count == 1)
        #expect(change.id == decisions[1].id && change.catalogue == "test")
        #expect(change.from == .hold && change.to == .block)
        #expect(change.findings.map(\.rule) == ["R-020"])
        #expect(run.count(from: .hold, to: .block) == 1 && run.count(from: .release, to: .hold) == 0)
        #expect(run.rules.map(\.rule) == ["R-020"])
        #expect(run.rules.map(\.decisions) == [1])
    }

    @Test("a milder rule lets go what was held, and the recorded outcome is what it is compared with")
    func milder() throws {
        var unlawful = try Situation()
        unlawful.label.basis.article9 = []
        let held = try past(unlawful, .hold)
        let released = try past(unlawful, .release)
        let run = DryRun(of: [held, released], under: try catalogue("R-020", .warn))
        #expect(run.changes.map(\.id) == [held.id])
        #expect(run.count(from: .hold, to: .release) == 1)
    }

    @Test("each is judged on its own day, or all of them at one")
    func days() throws {
        var unlawful = try Situation()
        unlawful.label.basis.article9 = []
        let decisions = [
            try past(unlawful, .hold, at: "2026-11-22T09:00:00.000Z"),
            try past(unlawful, .hold, at: "2027-01-01T00:00:00.000Z"),
        ]
        let new = try catalogue("R-020", .block, from: "2027-01-01")
        #expect(DryRun(of: decisions, under: new).changes.map(\.id) == [decisions[1].id])
        let now = DryRun(of: decisions, under: new, on: .at(try Instant("2027-02-01T00:00:00.000Z")))
        #expect(now.changes.map(\.id) == decisions.map(\.id))
        let before = DryRun(of: decisions, under: new, on: .at(try Instant("2026-12-31T12:00:00.000Z")))
        #expect(before.changes == [])
    }

    @Test("a decision whose agreement is no longer known says so")
    func withoutAgreement() throws {
        var situation = try Situation()
        situation.agreement = nil
        let run = DryRun(of: [try past(situation, .release)], under: try catalogue("R-011"))
        #expect(run.changes.first?.findings.map(\.rule) == ["R-011"])
    }
}
