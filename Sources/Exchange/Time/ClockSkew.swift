internal import Logging
internal import Synchronization
package import Vocabulary

/// Whose clock differs from ours, by the times that they sign. Beyond two minutes there is a standing alarm `clock/PARTNER`
/// (`clock` for the time authority) until a later exchange shows that all is well again.
package final class ClockSkew: Sendable {
    private enum Party: Hashable, Comparable {
        case authority
        case partner(AgencyID)

        var alarm: String {
            switch self {
            case .authority: "clock"
            case .partner(let id): "clock/\(id)"
            }
        }
        var name: String {
            switch self {
            case .authority: "the time authority"
            case .partner(let id): id.text
            }
        }
    }

    private let standing: Standing
    private let log: Logger
    /// The newest reading of each whose clock is off.
    private let off = Mutex<[Party: ClockReading]>([:])

    init(standing: Standing, log: Logger) { (self.standing, self.log) = (standing, log) }

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
    package func forget(partner: AgencyID) { clear(.partner(partner)) }

    private func note(_ party: Party, _ reading: ClockReading) {
        switch reading.finding {
        case .unknown: return
        case .near:
            if clear(party) { log.info("clocks agree again", metadata: ["with": "\(party.name)"]) }
        case .ahead, .behind:
            let isNews = off.withLock { $0.updateValue(reading, forKey: party) == nil }
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
        guard off.withLock({ $0.removeValue(forKey: party) }) != nil else { return false }
        standing.alarm(party.alarm, nil)
        tell()
        return true
    }

    /// All alarms anew: what one clock shows depends on the others.
    private func tell() {
        off.withLock { off in
            for (party, reading) in off { standing.alarm(party.alarm, Self.text(party, reading, among: off)) }
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
