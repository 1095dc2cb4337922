internal import Vocabulary

/// Numbers and times as people read them.
enum Words {
    /// `2026-11-22 10:55:42`, UTC.
    static func moment(_ instant: Instant?) -> String {
        guard let text = instant?.description else { return "-" }
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    /// `0 B`, `1.5 KiB`, `12 MiB`.
    static func bytes(_ count: Int64) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var (unit, tenths) = (0, count.multipliedReportingOverflow(by: 10).overflow ? Int64.max : count * 10)
        while tenths >= 10_240, unit < units.count - 1 {
            tenths /= 1024
            unit += 1
        }
        let isWhole = unit == 0 || tenths >= 100 || tenths % 10 == 0
        return isWhole ? "\(tenths / 10) \(units[unit])" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }

    static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number) \(number == 1 ? one : many)"
    }

    /// Whole days from `now` on; negative once past.
    static func days(from now: Instant, to then: Instant) -> Int64 {
        let seconds = then.seconds - now.seconds
        return seconds >= 0 ? seconds / 86_400 : -((-seconds + 86_399) / 86_400)
    }

    /// The last group of an id: what tells two of them apart at a glance, and enough to type.
    static func short(_ id: ConsignmentID) -> String { String(id.text.suffix(12)) }
}

extension String {
    /// Spaces after it, to this many characters.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
    /// Spaces before it.
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
