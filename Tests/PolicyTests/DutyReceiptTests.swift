import Policy
import Testing
import Vocabulary

@Suite struct DutyReceiptTests {
    private let received: Instant
    private let days: WorkingDays

    init() throws {
        received = try Instant("2026-11-23T10:00:00.000Z")
        days = try DutyLaw.workingDays()
    }

    private func notices(_ subjects: [Label.Subject], regime: String = "uk-gdpr") throws -> [NewNotice] {
        var label = try Situation().label
        label.subjects = subjects
        return Duties.onReceipt(label, regime: regime, received: received, workingDays: days)
    }

    @Test("each subject of the label is owed a notice of its own")
    func perSubject() throws {
        let notices = try notices([.init(ref: "case-1", role: "child"), .init(ref: "case-2", role: "parent")])
        #expect(notices.map(\.subject) == ["case-1", "case-2"])
        #expect(notices.allSatisfy { $0.settlement == nil })
        #expect(notices.allSatisfy { $0.due.description == "2026-12-24T00:00:00.000Z" })
        #expect(notices[0].facts == ["receivedAt": "2026-11-23T10:00:00.000Z"])
    }

    @Test("a receiver under Part 3 owes none")
    func part3() throws {
        #expect(try notices([.init(ref: "case-1", role: "suspect")], regime: "dpa-part-3").isEmpty)
        #expect(try notices([], regime: "dpa-part-3").isEmpty)
    }

    @Test("a label that names nobody still opens one, owed to whoever the file is about")
    func nobody() throws {
        let notices = try notices([])
        #expect(notices.count == 1)
        #expect(notices[0].subject == nil && notices[0].settlement == nil)
    }

    @Test("the sender's word that they were told opens and closes a notice at once")
    func senderTold() throws {
        let day = try CalendarDate("2026-11-20")
        let notices = try notices([
            .init(ref: "case-1", role: "child", informed: .init(status: "yes", on: day)),
            .init(ref: "case-2", role: "parent", informed: .init(status: "no")),
        ])
        #expect(notices[0].settlement?.ground == "14-5-a")
        #expect(notices[0].settlement?.because == "The sender says that they were told on 2026-11-20.")
        #expect(notices[0].facts["senderInformedOn"] == "2026-11-20")
        #expect(SenderWord(facts: notices[0].facts).informedOn == day)
        #expect(notices[1].settlement == nil)
    }

    @Test(
        "a word without a day, a day to come and `no` close nothing",
        arguments: [
            Label.Informed(status: "yes"), Label.Informed(status: "no"),
            Label.Informed(status: "yes", on: CalendarDate(year: 2026, month: 11, day: 24)),
            Label.Informed(status: "no", on: CalendarDate(year: 2026, month: 11, day: 20)),
        ])
    func notEnough(_ informed: Label.Informed) throws {
        let notices = try notices([.init(ref: "case-1", role: "child", informed: informed)])
        #expect(notices[0].settlement == nil)
        #expect(notices[0].facts["senderInformedOn"] == nil)
    }

    @Test("the sender's exemption is noted and stays ours to judge")
    func senderExempt() throws {
        let notices = try notices([
            .init(ref: "case-1", role: "suspect", informed: .init(status: "exempt", ground: "S2-2"))
        ])
        #expect(notices[0].settlement == nil)
        #expect(notices[0].facts["senderGround"] == "S2-2")
        #expect(SenderWord(facts: notices[0].facts).ground == "S2-2")
    }

    @Test("somebody in two roles is owed one notice, closed only where each of the two was told")
    func twoRoles() throws {
        let (first, second) = (try CalendarDate("2026-11-19"), try CalendarDate("2026-11-20"))
        func notice(_ other: Label.Informed?) throws -> [NewNotice] {
            try notices([
                .init(ref: "case-1", role: "victim", informed: .init(status: "yes", on: first)),
                .init(ref: "case-1", role: "witness", informed: other),
            ])
        }
        #expect(try notice(nil).count == 1)
        #expect(try notice(nil)[0].settlement == nil)
        #expect(try notice(.init(status: "yes", on: second))[0].settlement != nil)
    }

    @Test(
        "a notice is shown in days: due, overdue, deferred, closed",
        arguments: [
            // due at the end of 22 December, lawful until the end of the 24th
            ("2026-12-15T10:00", false, nil, "due in 7 days"), ("2026-12-21T23:59", false, nil, "due in 1 day"),
            ("2026-12-22T23:59", false, nil, "due today"),
            ("2026-12-23T00:00", false, nil, "overdue by 1 day (lawful until the end of 2026-12-24)"),
            ("2026-12-25T00:00", false, nil, "overdue by 3 days"),
            ("2026-12-15T10:00", false, "2027-02-01", "deferred until 2027-02-01 (S2-2)"),
            ("2027-01-31T23:59", false, "2027-02-01", "deferred until 2027-02-01 (S2-2)"),
            ("2027-02-01T00:00", false, "2027-02-01", "due today"),
            ("2027-02-03T00:00", false, "2027-02-01", "overdue by 2 days"),
            ("2026-12-15T10:00", false, "2026-12-10", "due in 7 days"),
            ("2026-12-15T10:00", true, nil, "closed on 2026-12-10 (S2-2)"),
        ] as [(String, Bool, String?, String)])
    func view(_ now: String, _ isClosed: Bool, _ until: String?, _ words: String) throws {
        var state = NoticeView.State.open
        if let until { state = .deferred(until: try CalendarDate(until).startInLondon) }
        if isClosed { state = .closed(at: try Instant("2026-12-10T09:00:00.000Z")) }
        let view = NoticeView(
            due: try CalendarDate("2026-12-22").endInLondon, dueLegal: try CalendarDate("2026-12-24").endInLondon,
            state, ground: state == .open ? nil : "S2-2", now: try Instant(now + ":00.000Z"))
        #expect(view.words == words)
    }

    @Test("a notice that fell due earlier today is overdue since today")
    func viewOfMoment() throws {
        let contact = try Instant("2026-12-01T14:30:00.000Z")
        func view(_ seconds: Int64) -> NoticeView {
            NoticeView(due: contact, dueLegal: contact, .open, ground: nil, now: contact.adding(seconds: seconds))
        }
        #expect(view(-1).words == "due today")
        #expect(view(0).words == "overdue since today")
    }
}
