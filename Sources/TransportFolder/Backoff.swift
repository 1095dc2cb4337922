/// When to look again at files that could not be taken in. Time is passed in.
struct Backoff {
    private struct Wait {
        var attempts: Int
        var until: ContinuousClock.Instant
    }

    private static let longest: Int64 = 300
    private var waits: [String: Wait] = [:]

    func isDue(_ name: String, at now: ContinuousClock.Instant) -> Bool { waits[name].map { $0.until <= now } ?? true }

    /// 1, 2, 4, ... seconds, at most five minutes, unless the handler named a time.
    mutating func postpone(_ name: String, asked: Int64?, at now: ContinuousClock.Instant) {
        let attempts = (waits[name]?.attempts ?? 0) + 1
        let seconds = min(asked ?? (1 << Int64(min(attempts - 1, 20))), Self.longest)
        waits[name] = Wait(attempts: attempts, until: now + .seconds(seconds))
    }

    mutating func forget(_ name: String) { waits[name] = nil }

    /// Forgets all other names: they are gone, and whoever makes up new ones fills no memory of ours.
    mutating func keep(only names: Set<String>) { waits = waits.filter { names.contains($0.key) } }
}
