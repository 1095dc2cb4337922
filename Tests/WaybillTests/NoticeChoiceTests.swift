import ArgumentParser
import Ledger
import Policy
import Premises
import Reports
import Testing
import Vocabulary

@testable import waybill

@Suite struct NoticeChoiceTests {
    private let now: Instant
    private let today: CalendarDate

    init() throws {
        now = try Instant("2026-11-22T10:00:00.000Z")
        today = try CalendarDate("2026-11-22")
    }

    private func notice(due: String, deferred: String? = nil) throws -> NoticeLine {
        let key = ConsignmentKey(.received, try AgencyID("stockton"), .make(at: now))
        var duty = Duty(
            .notice, id: .make(at: now), about: key, subject: "case-1", openedAt: now,
            due: try CalendarDate(due).endInLondon)
        if let deferred {
            (duty.state, duty.deferredUntil) = (.deferred, try CalendarDate(deferred).startInLondon)
        }
        return NoticeLine(duty, workingDays: WorkingDays(bankHolidays: []), now: now)
    }

    @Test(
        "what is due by the last day is shown, and so is what is overdue",
        arguments: [
            ("2026-11-29", true), ("2026-11-30", false), ("2026-11-22", true), ("2026-11-01", true),
        ])
    func within(_ due: String, _ isShown: Bool) throws {
        let choice = NoticeChoice(within: try DaysAhead("7d"), all: false, today: today)
        let line = try notice(due: due)
        #expect(choice.takes(line) == isShown)
        // The ledger is asked for no more than is shown.
        #expect((line.duty.due < (try #require(choice.filters.first?.dueBefore))) == isShown)
    }

    @Test("what is deferred far beyond is shown with the rest, so that somebody sees the ground")
    func deferred() throws {
        let choice = NoticeChoice(within: try DaysAhead("7d"), all: false, today: today)
        #expect(choice.takes(try notice(due: "2026-12-22", deferred: "2027-03-01")))
        #expect(choice.filters.last?.states == [.deferred] && choice.filters.last?.dueBefore == nil)
    }

    @Test("a deferral that has run out counts by the day on which it is due again")
    func runOut() throws {
        let choice = NoticeChoice(within: try DaysAhead("7d"), all: false, today: today)
        #expect(choice.takes(try notice(due: "2026-11-10", deferred: "2026-11-20")))
        #expect(!choice.takes(try notice(due: "2026-12-22", deferred: "2026-11-20")))
    }

    @Test("closed ones are asked for only with --all")
    func closed() {
        let usual = NoticeChoice(within: nil, all: false, today: today).filters
        #expect(usual.compactMap(\.states) == [[.open], [.deferred]])
        #expect(NoticeChoice(within: nil, all: true, today: today).filters.map(\.states) == [nil])
        #expect(usual.allSatisfy { $0.kinds == [.notice] })
    }

    @Test("time ahead is so many days or weeks", arguments: [("7d", 7), ("2w", 14), ("0d", 0)] as [(String, Int64)])
    func ahead(_ text: String, _ days: Int64) throws {
        #expect(try DaysAhead(text).count == days)
    }

    @Test("any other time ahead is refused", arguments: ["", "7", "d", "-1d", "7h", "soon", "99999w", "4000d"])
    func notAhead(_ text: String) {
        #expect(throws: Malformed.self) { try DaysAhead(text) }
    }

    @Test("what a person brings forward reaches the daemon under its names, and what is not given is left out")
    func members() throws {
        let verb = try NoticeCloseVerb.parse([
            "01a20338", "--ground", "14-done", "--on", "2026-11-20", "--channel", "letter", "--notice", "pn-3",
            "--gateway", "CA89-47", "--duty", "s", "--ref", "r", "--function", "f", "--public-notice", "p",
            "--because", "why",
        ])
        let id = ConsignmentID.make(at: now)
        let close = ControlRequest.closeNotice(id: id, ground: verb.evidence.ground, evidence: verb.evidence.given)
        let given: [String: JSON] = [
            "because": .string("why"), "channel": .string("letter"), "duty": .string("s"), "function": .string("f"),
            "gateway": .string("CA89-47"), "noticeVersion": .string("pn-3"), "on": .string("2026-11-20"),
            "publicNotice": .string("p"), "reference": .string("r"),
        ]
        let members: [String: JSON] = [
            "evidence": .object(given), "ground": .string("14-done"), "id": .string(id.text),
        ]
        #expect(try JSON(request: close.encoded) == .object(["notice-close": .object(members)]))
        let least = try NoticeDeferVerb.parse(["01a20338", "--ground", "S2-2", "--until", "2027-01-10"])
        #expect(least.evidence.ground == "S2-2" && least.evidence.given == NoticeEvidence())
        #expect(least.until.description == "2027-01-10")
    }

    @Test(
        "wrong days and reasons that say nothing are told before anything is asked",
        arguments: [["--on", "2026-02-30"], ["--because", "  "], ["--on", "yesterday"]])
    func wrong(_ more: [String]) {
        #expect(throws: (any Error).self) { try NoticeCloseVerb.parse(["01a20338", "--ground", "14-done"] + more) }
    }
}
