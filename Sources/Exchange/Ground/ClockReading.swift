internal import Vocabulary

/// A time that somebody else signed, between two moments of ours: how far their clock may be from ours.
///
///     ours:    sent ───────────────────── received
///     theirs:  signed somewhere between, if the clocks agree
struct ClockReading: Hashable, Sendable {
    let their: Instant
    /// Before this moment of ours they cannot have signed; nil: that is not known.
    let sent: Instant?
    let received: Instant

    /// Milliseconds by which clocks may differ before anybody is told.
    static let tolerance: Int64 = 120_000

    enum Finding: Hashable, Sendable {
        /// Milliseconds, at least.
        case ahead(Int64), behind(Int64)
        case near
        /// The two moments are too far apart to tell, or our own clock jumped between them.
        case unknown
    }

    var finding: Finding {
        // Theirs less ours is at least `least` and at most `most`.
        let least = their.milliseconds - received.milliseconds
        if let sent, received < sent { return .unknown }
        if least > Self.tolerance { return .ahead(least) }
        guard let sent else { return .unknown }
        let most = their.milliseconds - sent.milliseconds
        if most < -Self.tolerance { return .behind(-most) }
        return least >= -Self.tolerance && most <= Self.tolerance ? .near : .unknown
    }
}

extension ClockReading.Finding {
    /// Such as `7 minutes`, cut down.
    var words: String {
        switch self {
        case .near, .unknown: "less than 2 minutes"
        case .ahead(let milliseconds), .behind(let milliseconds):
            switch milliseconds / 60_000 {
            case let minutes where minutes < 120: "\(minutes) minutes"
            case let minutes where minutes < 48 * 60: "\(minutes / 60) hours"
            case let minutes: "\(minutes / 1440) days"
            }
        }
    }

    /// Nil where nothing is off.
    var isAhead: Bool? {
        switch self {
        case .ahead: true
        case .behind: false
        case .near, .unknown: nil
        }
    }
}
