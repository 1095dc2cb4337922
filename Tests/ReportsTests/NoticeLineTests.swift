import Ledger
import Policy
import Reports
import Testing
import Vocabulary

@Suite struct NoticeLineTests {
    @Test("a notice is shown by days, with its reason and what the sender said")
    func notice() throws {
        let scene = try Scene()
        let clock = NoticeClock(
            received: try Instant("2026-11-22T09:00:05.000Z"), workingDays: WorkingDays(bankHolidays: []))
        var duty = try scene.duty(.notice, try scene.row(.received), subject: "case-1")
        (duty.due, duty.dueLegal) = (clock.dueConservative, clock.dueLegal)
        duty.facts = clock.facts.merging(["senderGround": "S2-2"]) { $1 }
        let now = try Instant("2026-12-20T09:00:00.000Z")
        let line = NoticeLine(duty, workingDays: WorkingDays(bankHolidays: []), now: now).line
        let expected = [
            ("subject", "case-1"), ("standing", "due in 2 days"), ("due", "2026-12-22"), ("dueLegal", "2026-12-22"),
            ("why", "one month from receipt on 2026-11-22"), ("senderGround", "S2-2"), ("state", "open"),
            ("ground", ""), ("partner", "cleveland-police"),
        ]
        for (name, value) in expected { #expect(line[name].plain == value, "\(name)") }
    }

    @Test("a notice whose facts are erased is still shown, and one owed to nobody by name says to whom")
    func erased() throws {
        let scene = try Scene()
        let duty = try scene.duty(.notice, try scene.row(.received))
        let line = NoticeLine(duty, workingDays: WorkingDays(bankHolidays: []), now: duty.openedAt).line
        #expect(line["why"] == .none)
        #expect(line["subject"].plain == "whoever the file is about")
    }
}
