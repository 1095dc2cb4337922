import Testing
import Vocabulary

@testable import waybill

struct TimeTextTests {
    let now: Instant

    init() throws { now = try Instant("2026-11-22T10:00:00.000Z") }

    @Test(
        "days are England's and taken in whole, times are taken as they are, ages count back",
        arguments: [
            ("2026-11-22", "2026-11-22T00:00:00.000Z", "2026-11-23T00:00:00.000Z"),
            ("2026-07-01", "2026-06-30T23:00:00.000Z", "2026-07-01T23:00:00.000Z"),
            // Summer time ends on this day at 02:00 on the clock.
            ("2026-10-25", "2026-10-24T23:00:00.000Z", "2026-10-26T00:00:00.000Z"),
            ("2026-11-22T09:30:00Z", "2026-11-22T09:30:00.000Z", "2026-11-22T09:30:00.000Z"),
            ("2026-11-22T09:30:00.250Z", "2026-11-22T09:30:00.250Z", "2026-11-22T09:30:00.250Z"),
            ("90m", "2026-11-22T08:30:00.000Z", "2026-11-22T08:30:00.000Z"),
            ("24h", "2026-11-21T10:00:00.000Z", "2026-11-21T10:00:00.000Z"),
            ("7d", "2026-11-15T10:00:00.000Z", "2026-11-15T10:00:00.000Z"),
        ])
    func reads(_ text: String, _ start: String, _ end: String) throws {
        #expect(try TimeText.read(text, .start, now: now).description == start)
        #expect(try TimeText.read(text, .end, now: now).description == end)
    }

    @Test(
        "anything else is refused",
        arguments: ["", "yesterday", "2026-02-30", "-3h", "3y", "22/11/2026", "2026-11-22T09:30"])
    func refuses(_ text: String) {
        #expect(throws: Malformed.self) { try TimeText.read(text, .start, now: now) }
    }
}
