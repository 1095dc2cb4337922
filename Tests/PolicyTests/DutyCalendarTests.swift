import Policy
import Testing
import Vocabulary

@Suite struct DutyCalendarTests {
    @Test(
        "a day in England ends at 24:00 there: 23:00 UTC in summer, 00:00 UTC in winter",
        arguments: [
            // day, its start, its noon, its end
            ("2026-01-15", "2026-01-15T00:00", "2026-01-15T12:00", "2026-01-16T00:00"),
            ("2026-07-01", "2026-06-30T23:00", "2026-07-01T11:00", "2026-07-01T23:00"),
            // The day with 23 hours, and the days beside it.
            ("2026-03-28", "2026-03-28T00:00", "2026-03-28T12:00", "2026-03-29T00:00"),
            ("2026-03-29", "2026-03-29T00:00", "2026-03-29T11:00", "2026-03-29T23:00"),
            ("2026-03-30", "2026-03-29T23:00", "2026-03-30T11:00", "2026-03-30T23:00"),
            // The day with 25 hours, and the days beside it.
            ("2026-10-24", "2026-10-23T23:00", "2026-10-24T11:00", "2026-10-24T23:00"),
            ("2026-10-25", "2026-10-24T23:00", "2026-10-25T12:00", "2026-10-26T00:00"),
            ("2026-10-26", "2026-10-26T00:00", "2026-10-26T12:00", "2026-10-27T00:00"),
            ("2026-12-31", "2026-12-31T00:00", "2026-12-31T12:00", "2027-01-01T00:00"),
            ("2028-02-29", "2028-02-29T00:00", "2028-02-29T12:00", "2028-03-01T00:00"),
        ])
    func days(_ day: String, _ start: String, _ noon: String, _ end: String) throws {
        let day = try CalendarDate(day)
        #expect(day.startInLondon == (try Instant(start + ":00.000Z")))
        #expect(day.noonInLondon == (try Instant(noon + ":00.000Z")))
        #expect(day.endInLondon == (try Instant(end + ":00.000Z")))
        #expect(day.endInLondon.lastDayInLondon == day)
    }

    @Test(
        "working days are Monday to Friday without bank holidays",
        arguments: [
            ("2026-11-20", "2026-11-20"), ("2026-11-21", "2026-11-23"), ("2026-11-22", "2026-11-23"),
            ("2026-04-03", "2026-04-07"),  // Good Friday, weekend, Easter Monday
            ("2026-12-25", "2026-12-29"),  // Christmas, weekend, Boxing Day's substitute
            ("2027-01-01", "2027-01-04"), ("1970-01-01", "1970-01-01"), ("1970-01-03", "1970-01-05"),
        ])
    func working(_ day: String, _ next: String) throws {
        let days = try DutyLaw.workingDays()
        #expect(days.onOrAfter(try CalendarDate(day)) == (try CalendarDate(next)))
        #expect(days.isWorking(try CalendarDate(day)) == (day == next))
        #expect(days.isWorking(try CalendarDate(next)))
    }

    @Test(
        "months end with the corresponding day, or with the last of a month that has none",
        arguments: [
            ("2026-01-31", 1, "2026-02-28"), ("2028-01-31", 1, "2028-02-29"), ("2026-01-30", 1, "2026-02-28"),
            ("2028-02-29", 1, "2028-03-29"), ("2026-08-31", 1, "2026-09-30"), ("2026-12-31", 1, "2027-01-31"),
            ("2026-12-15", 1, "2027-01-15"), ("2026-11-30", 3, "2027-02-28"), ("2027-11-30", 3, "2028-02-29"),
            ("2026-11-22", 6, "2027-05-22"), ("2100-01-31", 1, "2100-02-28"), ("2026-12-01", 12, "2027-12-01"),
        ])
    func months(_ from: String, _ months: Int64, _ last: String) throws {
        #expect(MonthPeriod(from: try CalendarDate(from), months: months).lastDay == (try CalendarDate(last)))
    }

    @Test(
        "two more months are counted from the first day, not from the end of the first month",
        arguments: [
            ("2026-01-31", "2026-04-30"), ("2026-12-31", "2027-03-31"), ("2026-11-30", "2027-02-28"),
            ("2027-11-30", "2028-02-29"), ("2026-10-15", "2027-01-15"),
        ])
    func extended(_ from: String, _ last: String) throws {
        #expect(MonthPeriod(from: try CalendarDate(from)).extended(by: 2).lastDay == (try CalendarDate(last)))
    }

    @Test(
        "72 hours are 72 hours, over weekends, holidays and changes of the clock",
        arguments: [
            ("2026-12-24T16:30", "2026-12-27T16:30"), ("2026-03-28T12:00", "2026-03-31T12:00"),
            ("2028-02-27T01:00", "2028-03-01T01:00"),
        ])
    func incident(_ aware: String, _ due: String) throws {
        let due = try Instant(due + ":00.000Z")
        #expect(IncidentClock.due(aware: try Instant(aware + ":00.000Z")) == due)
    }

    @Test(
        "tags left out for haste are due at noon of the next working day in England",
        arguments: [
            ("2026-11-20T23:30", "2026-11-23T12:00"),  // Friday night
            ("2026-11-23T02:00", "2026-11-24T12:00"), ("2026-12-24T18:00", "2026-12-29T12:00"),
            ("2026-03-27T20:00", "2026-03-30T11:00"),  // the clocks change in between
            ("2026-07-01T23:30", "2026-07-03T11:00"),  // already Thursday in England
        ])
    func tags(_ sent: String, _ due: String) throws {
        let days = try DutyLaw.workingDays()
        let (sent, due) = (try Instant(sent + ":00.000Z"), try Instant(due + ":00.000Z"))
        #expect(EmergencyReview.tagsDue(sent: sent, workingDays: days) == due)
    }
}
