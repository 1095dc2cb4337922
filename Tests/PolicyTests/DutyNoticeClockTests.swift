import Policy
import Testing
import Vocabulary

@Suite struct DutyNoticeClockTests {
    @Test(
        "one month from receipt: due at the end of the day in England, lawful until a working day has ended",
        arguments: [
            // received, due, lawful until
            ("2026-01-15T10:00", "2026-02-16T00:00", "2026-02-17T00:00"),  // 15 February is a Sunday
            ("2026-01-31T10:00", "2026-03-01T00:00", "2026-03-03T00:00"),  // no 31 February; the 28th is a Saturday
            ("2028-01-31T10:00", "2028-03-01T00:00", "2028-03-01T00:00"),  // leap year, a Tuesday
            ("2028-02-29T10:00", "2028-03-29T23:00", "2028-03-29T23:00"),  // leap day; summer time has begun
            ("2026-12-31T23:59", "2027-02-01T00:00", "2027-02-02T00:00"),  // year end; 31 January is a Sunday
            ("2026-12-01T10:00", "2027-01-02T00:00", "2027-01-05T00:00"),  // New Year's Day, then a weekend
            ("2026-11-25T10:00", "2026-12-26T00:00", "2026-12-30T00:00"),  // Christmas, weekend, substitute day
            ("2026-03-03T10:00", "2026-04-03T23:00", "2026-04-07T23:00"),  // Good Friday to Easter Tuesday
            // Received at 23:30 UTC in summer: already the next day in England.
            ("2026-07-01T23:30", "2026-08-02T23:00", "2026-08-03T23:00"),
            ("2026-07-31T22:59", "2026-08-31T23:00", "2026-08-31T23:00"),
            ("2026-07-31T23:00", "2026-09-01T23:00", "2026-09-01T23:00"),
            // Due on the last Sundays of March and October, which have 23 and 25 hours.
            ("2026-02-28T23:30", "2026-03-28T24:00", "2026-03-30T23:00"),
            ("2027-02-28T10:00", "2027-03-28T23:00", "2027-03-29T23:00"),
            ("2026-09-25T10:00", "2026-10-26T00:00", "2026-10-27T00:00"),
            ("2026-09-24T23:30", "2026-10-26T00:00", "2026-10-27T00:00"),
        ])
    func month(_ received: String, _ due: String, _ lawful: String) throws {
        let clock = NoticeClock(received: try time(received), workingDays: try DutyLaw.workingDays())
        #expect(clock.dueConservative == (try time(due)))
        #expect(clock.dueLegal == (try time(lawful)))
        #expect(clock.cause == .month)
    }

    @Test(
        "the earliest of receipt, contact and disclosure decides, at that very moment or the end of that day",
        arguments: [
            (nil, nil, "2026-12-22T24:00", NoticeClock.Cause.month),
            ("2026-12-01T14:30:00.000Z", nil, "2026-12-01T14:30", .contact),
            ("2026-12-01", nil, "2026-12-01T24:00", .contact),
            (nil, "2026-12-02T09:00:00.000Z", "2026-12-02T09:00", .disclosure),
            ("2026-12-03", "2026-12-02", "2026-12-02T24:00", .disclosure),
            ("2026-12-01", "2026-12-02", "2026-12-01T24:00", .contact),
            ("2026-12-22", nil, "2026-12-22T24:00", .month),
            ("2026-12-23", "2027-01-02", "2026-12-22T24:00", .month),
        ] as [(String?, String?, String, NoticeClock.Cause)])
    func earliest(_ contact: String?, _ disclosure: String?, _ due: String, _ cause: NoticeClock.Cause) throws {
        let clock = NoticeClock(
            received: try time("2026-11-22T10:00"), contact: try contact.map { try Occasion($0) },
            disclosure: try disclosure.map { try Occasion($0) }, workingDays: try DutyLaw.workingDays())
        #expect(clock.dueConservative == (try time(due)))
        #expect(clock.dueLegal == clock.dueConservative)
        #expect(clock.cause == cause)
    }

    @Test("a contact on the weekend does not roll forward; it cuts the rolled month short")
    func contactOnWeekend() throws {
        // One month ends on Saturday 28 February; lawful until Monday 2 March; contact on Sunday 1 March.
        let clock = NoticeClock(
            received: try time("2026-01-31T10:00"), contact: .on(try CalendarDate("2026-03-01")),
            workingDays: try DutyLaw.workingDays())
        #expect(clock.dueConservative == (try time("2026-03-01T00:00")))
        #expect(clock.dueLegal == (try time("2026-03-02T00:00")))
    }

    @Test("of several contacts the first counts, whatever the order in which they are told")
    func firstContact() throws {
        var clock = NoticeClock(received: try time("2026-11-22T10:00"), workingDays: try DutyLaw.workingDays())
        for day in ["2026-12-05", "2026-12-01", "2026-12-09"] { clock.noteContact(.on(try CalendarDate(day))) }
        #expect(clock.contact == .on(try CalendarDate("2026-12-01")))
        clock.noteContact(.at(try time("2026-12-01T09:00")))
        #expect(clock.contact == .at(try time("2026-12-01T09:00")))
        clock.noteDisclosure(.on(try CalendarDate("2026-11-25")))
        clock.noteDisclosure(.on(try CalendarDate("2026-11-30")))
        #expect(clock.cause == .disclosure)
    }

    @Test("the clock says in words which of the three decided")
    func words() throws {
        let days = try DutyLaw.workingDays()
        var clock = NoticeClock(received: try time("2026-11-23T10:00"), workingDays: days)
        #expect(clock.words == "one month from receipt on 2026-11-23")
        let rolled = NoticeClock(received: try time("2026-01-31T10:00"), workingDays: days)
        #expect(rolled.words.contains("the last lawful day is 2026-03-02"))
        clock.noteDisclosure(.on(try CalendarDate("2026-12-04")))
        #expect(clock.words == "first disclosure to somebody else on 2026-12-04")
        clock.noteContact(.at(try time("2026-12-01T09:00")))
        #expect(clock.words == "first communication with the subject on 2026-12-01")
    }

    @Test("what stands in the duty's facts is read back as the same clock")
    func facts() throws {
        let days = try DutyLaw.workingDays()
        var clock = NoticeClock(received: try time("2026-11-22T10:00"), workingDays: days)
        #expect(try NoticeClock(facts: clock.facts, workingDays: days) == clock)
        clock.noteContact(.on(try CalendarDate("2026-12-01")))
        clock.noteDisclosure(.at(try time("2026-12-02T09:00")))
        #expect(try NoticeClock(facts: clock.facts, workingDays: days) == clock)
        #expect(throws: Malformed.self) { try NoticeClock(facts: [:], workingDays: days) }
        #expect(throws: Malformed.self) { try NoticeClock(facts: ["receivedAt": "soon"], workingDays: days) }
    }

    /// `24:00` is the midnight that ends the day, in UTC.
    private func time(_ text: String) throws -> Instant {
        guard text.hasSuffix("T24:00") else { return try Instant(text + ":00.000Z") }
        return try CalendarDate(String(text.prefix(10))).start.adding(seconds: 86_400)
    }
}
