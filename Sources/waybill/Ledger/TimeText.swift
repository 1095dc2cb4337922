internal import ArgumentParser
internal import Ledger
internal import Policy
internal import Vocabulary

/// A time as a person types it: `2026-11-22` (a day in England), `2026-11-22T10:55:42Z`, or `90m`, `24h`, `7d` ago.
enum TimeText {
    /// Which end of a day is meant.
    enum Edge { case start, end }

    static func read(_ text: String, _ edge: Edge, now: Instant) throws(Malformed) -> Instant {
        if let seconds = ago(text) { return now.adding(seconds: -seconds) }
        if let day = try? CalendarDate(text) {
            return edge == .start ? day.startInLondon : day.endInLondon
        }
        let withMilliseconds = text.count == 20 && text.hasSuffix("Z") ? text.dropLast() + ".000Z" : text[...]
        do { return try Instant(String(withMilliseconds)) } catch {
            throw Malformed(
                "time", "write a day like 2026-11-22, a time like 2026-11-22T10:55:42Z, or 90m, 24h, 7d ago")
        }
    }

    /// Between two times as typed; throws `ValidationError`, so that it ends with 2.
    static func filter(since: String?, until: String?, now: Instant) throws -> LedgerFilter {
        var filter = LedgerFilter()
        do {
            filter.since = try since.map { text throws(Malformed) in try read(text, .start, now: now) }
            filter.until = try until.map { text throws(Malformed) in try read(text, .end, now: now) }
        } catch {
            throw ValidationError("--since and --until: \(error.why)")
        }
        return filter
    }

    private static func ago(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            (0...100_000).contains(count)
        else { return nil }
        return count * unit
    }
}
