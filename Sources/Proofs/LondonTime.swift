internal import Policy
package import Vocabulary

/// The clock in London, for people: `3 May 2026, 10:30:00 BST`. See `Instant.isSummerInLondon`.
package enum LondonTime {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    package static func text(_ instant: Instant) -> String {
        let local = instant.inLondon
        let (year, month, day) = local.date.parts
        let clock = local.description.dropFirst(11).prefix(8)
        return "\(day) \(months[Int(month) - 1]) \(year), \(clock) \(instant.isSummerInLondon ? "BST" : "GMT")"
    }
}
