import Testing
import Vocabulary

@Suite struct InstantTests {
    @Test(
        "moments are written in RFC 3339 with three decimals",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_772_323_199_999, "2026-02-28T23:59:59.999Z"), (4_107_542_399_123, "2100-02-28T23:59:59.123Z"),
            (1_774_746_000_007, "2026-03-29T01:00:00.007Z"),
        ])
    func writes(_ milliseconds: Int, _ text: String) throws {
        #expect(Instant(milliseconds: Int64(milliseconds)).description == text)
        #expect(try Instant(text).milliseconds == Int64(milliseconds))
    }

    @Test(
        "any other spelling of a moment is refused",
        arguments: [
            "2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
            "2026-01-01T00:00:60.000Z",
            "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000+00:00",
            "2026-1-1T00:00:00.000Z",
            "", "+026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.-01Z", "2026-01-01T00:60:00.000Z",
            "2026-04-31T00:00:00.000Z", "2026-01-01T00:00:00.000ZZ",
        ])
    func refuses(_ text: String) {
        #expect(throws: Malformed.self) { try Instant(text) }
    }

    @Test("every day of four centuries reads back")
    func days() throws {
        for day in stride(from: Int64(0), to: 146_097, by: 13) {
            let date = CalendarDate(daysSince1970: day)
            #expect(try CalendarDate(date.description) == date)
        }
    }

    @Test("moments before 1970 have a date too")
    func before1970() {
        #expect(Instant(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
    }
}
