/// The least that a body must bring in a window of time spent waiting for it.
package struct MinimumRate: Hashable, Sendable {
    /// Bytes.
    package let bytes: Int
    package let window: Duration

    package init(bytes: Int = 64 * 1024, per window: Duration = .seconds(30)) {
        self.bytes = bytes
        self.window = window
    }
}

/// Tells whether a body comes too slowly. Only time during which we asked for bytes counts: while our own disk makes
/// the sender wait, nothing is held against it.
struct RateMeter {
    private let least: MinimumRate
    private var received = 0
    private var waited = Duration.zero
    private var askedAt: ContinuousClock.Instant?

    init(_ least: MinimumRate, askedAt: ContinuousClock.Instant) {
        self.least = least
        self.askedAt = askedAt
    }

    mutating func ask(at now: ContinuousClock.Instant) {
        if askedAt == nil { askedAt = now }
    }

    mutating func receive(_ bytes: Int, at now: ContinuousClock.Instant) {
        if let askedAt { waited += now - askedAt }
        askedAt = nil
        received += bytes
        if received >= least.bytes { (received, waited) = (0, .zero) }
    }

    func isTooSlow(at now: ContinuousClock.Instant) -> Bool {
        waited + (askedAt.map { now - $0 } ?? .zero) >= least.window
    }
}
