import Policy
import Testing
import Vocabulary

@Suite struct CalendarTests {
    @Test(
        "a period ends on the corresponding day, or on the last of a shorter month",
        arguments: [
            ("2026-01-31", "P1M", "2026-02-28"), ("2028-01-31", "P1M", "2028-02-29"),
            ("2026-03-31", "P1M", "2026-04-30"),
            ("2028-02-29", "P1Y", "2029-02-28"), ("2028-02-29", "P4Y", "2032-02-29"),
            ("2026-12-31", "P2M", "2027-02-28"),
            ("2026-11-22", "P1Y", "2027-11-22"), ("2026-12-15", "P1M", "2027-01-15"),
            ("2026-11-22", "P30D", "2026-12-22"),
            ("2026-01-31", "P1M1D", "2026-03-01"), ("2026-11-22", "P2W", "2026-12-06"),
            ("2100-01-31", "P1M", "2100-02-28"),
            ("2026-11-22", "PT24H", "2026-11-22"),
        ])
    func adding(_ from: String, _ period: String, _ to: String) throws {
        #expect(try CalendarDate(from).adding(Period(period)) == CalendarDate(to))
    }

    @Test("an instant keeps its time of day through months and days, and hours follow")
    func instants() throws {
        let start = try Instant("2026-01-31T10:15:30.250Z")
        #expect(start.adding(try Period("P1M")) == (try Instant("2026-02-28T10:15:30.250Z")))
        #expect(start.adding(try Period("P1DT2H")) == (try Instant("2026-02-01T12:15:30.250Z")))
    }

    @Test(
        "what is not a duration is refused",
        arguments: [
            "", "P", "PT", "1Y", "P1", "PY", "P1Y1Y", "P1D1Y", "P1H", "PT1D", "P-1D", "P1.5D", "P123456D", "P1YT",
            "P１D",
        ])
    func refused(_ text: String) {
        #expect(throws: Malformed.self) { try Period(text) }
    }

    @Test(
        "days begin at midnight in England",
        arguments: [
            ("2026-03-29T00:30:00.000Z", "2026-03-29"), ("2026-03-31T23:00:00.000Z", "2026-04-01"),
            ("2026-03-28T23:30:00.000Z", "2026-03-28"), ("2026-10-24T23:30:00.000Z", "2026-10-25"),
            ("2026-10-25T23:30:00.000Z", "2026-10-25"), ("2026-07-01T22:59:59.999Z", "2026-07-01"),
            ("2026-07-01T23:00:00.000Z", "2026-07-02"), ("2026-12-31T23:59:59.999Z", "2026-12-31"),
            ("2027-03-28T23:00:00.000Z", "2027-03-29"),
        ])
    func london(_ utc: String, _ day: String) throws {
        #expect(try Instant(utc).londonDate == CalendarDate(day))
    }
}
