/// One log line for the first failed attempt, then one a minute with the count.
struct UrgentLog: Sendable {
    private static let minute: Int64 = 60_000_000_000
    private var lastLine: Int64?
    private var attempts = 0

    /// How many attempts a line should speak of; nil: no line now.
    mutating func count(at now: Int64) -> Int? {
        attempts += 1
        if let lastLine, now - lastLine < Self.minute { return nil }
        lastLine = now
        defer { attempts = 0 }
        return attempts
    }
}
