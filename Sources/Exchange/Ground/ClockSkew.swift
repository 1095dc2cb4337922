internal import Logging
internal import Synchronization
package import Vocabulary

/// Whose clock differs from ours, by the times that they sign. Beyond two minutes there is a standing alarm `clock/PARTNER`
/// (`clock` for the time authority and for our own) until a later exchange shows that all is well again.
package final class ClockSkew: Sendable {
    private typealias Party = ClockParty

    private let alarms: Alarms
    private let log: Logger
    private let clock: OurClock
    private struct State {
        /// The newest reading of each whose clock is off.
        var off: [Party: ClockReading] = [:]
        /// What is wrong with our own.
        var ours: String?
    }
    private let state = Mutex(State())

    init(alarms: Alarms, log: Logger, clock: OurClock) {
        (self.alarms, self.log, self.clock) = (alarms, log, clock)
    }

    /// Looks at our own clock: the alarm `clock`, which says what to do before any other.
    /// - Returns: what to log, once it turns wrong or right.
    package func lookAtOurs() -> String? {
        let words = clock.alarm
        let isNews = state.withLock { state in
            defer { state.ours = words }
            return (state.ours == nil) != (words == nil)
        }
        tell()
        return isNews ? words ?? "it agrees again" : nil
    }

    /// A partner signed a time, and we know when.
    /// - Parameters:
    ///   - their: what they signed.
    ///   - sent: a moment of ours before which they cannot have signed; nil where that is not known, as with a statement
    ///     that may have waited: then only a time in our future tells anything.
    ///   - received: our moment after they had.
    package func note(partner: AgencyID, their: Instant, sent: Instant?, received: Instant) {
        note(.partner(partner), ClockReading(their: their, sent: sent, received: received))
    }

    package func noteAuthority(their: Instant, sent: Instant, received: Instant) {
        note(.authority, ClockReading(their: their, sent: sent, received: received))
    }

    /// Who is no partner any more raises no alarm.
    package func forget(partner: AgencyID) {
        clear(.partner(partner))
        clock.forget(.partner(partner))
    }

    private func note(_ party: Party, _ reading: ClockReading) {
        switch reading.finding {
        case .unknown: return
        case .near:
            clock.agrees(party)
            if clear(party) { log.info("clocks agree again", metadata: ["with": "\(party.name)"]) }
        case .ahead, .behind:
            clock.differs(party, reading)
            let isNews = state.withLock { $0.off.updateValue(reading, forKey: party) == nil }
            tell()
            if isNews {
                log.warning(
                    "clocks differ by more than 2 minutes",
                    metadata: [
                        "with": "\(party.name)", "theirs": "\(reading.their)", "ours": "\(reading.received)",
                    ])
            }
        }
    }

    @discardableResult
    private func clear(_ party: Party) -> Bool {
        guard state.withLock({ $0.off.removeValue(forKey: party) }) != nil else { return false }
        alarms.alarm(party.alarm, nil)
        tell()
        return true
    }

    /// All alarms anew: what one clock shows depends on the others.
    private func tell() {
        state.withLock { state in
            for (party, reading) in state.off {
                alarms.alarm(party.alarm, Self.text(party, reading, among: state.off))
            }
            // Of ours and of the authority's one can be told: ours comes first.
            let theirs = state.off[.authority].map { Self.text(.authority, $0, among: state.off) }
            alarms.alarm(Party.authority.alarm, state.ours ?? theirs)
        }
    }

    private static func text(_ party: Party, _ reading: ClockReading, among off: [Party: ClockReading]) -> String {
        let alike = off.filter { $0.key != party && $0.value.finding.isAhead == reading.finding.isAhead }
        let side = reading.finding.isAhead == true ? "ahead of" : "behind"
        let blame =
            alike.isEmpty
            ? "Which of the two is wrong is not known."
            : "Ours differs from \(alike.keys.sorted().map(\.name).joined(separator: ", ")) alike: it is probably ours."
        return """
            The clock of \(party.name) is \(reading.finding.words) or more \(side) ours: they signed \(reading.their), we \
            had \(reading.received). \(blame) Compare with a time server (timedatectl; chronyc tracking), then ring them.
            """
    }
}

extension ClockParty {
    fileprivate var alarm: String {
        switch self {
        case .authority: "clock"
        case .partner(let id): "clock/\(id)"
        }
    }
}
