package import Vocabulary

/// Whether the wall clock of this machine can be believed. Pure: what both clocks say is passed in.
///
///     anchor      a moment that was believed, from this life or a former one
///     boot clock  how much time has passed since: it never jumps
///     marks       what somebody wrote down or signed, and so has passed
///     parties     partners and the time authority, as they sign times at moments that we know
///
/// A clock that went wrong while we were down cannot be told from a machine that was off for long: that is `unknown`, and
/// stays so, however long we run, until somebody else's clock agrees. Nothing is deleted by age meanwhile.
package struct ClockJudge: Sendable {
    /// Milliseconds by which the wall clock may differ from what is known.
    static let tolerance = ClockReading.tolerance
    /// Milliseconds. A machine may have been off for so long and nobody asks.
    static let longestPause: Int64 = 86_400_000
    /// Seconds. Partners may have the same wrong clock, from one host say: on their word alone a clock that was in doubt is
    /// believed at once, but nothing is deleted before it has agreed for so long.
    static let probation = 86_400.0

    /// What has passed, if whoever wrote it had a right clock.
    package struct Mark: Hashable, Sendable {
        /// Such as `our ledger's newest entry`.
        package let what: String
        package let at: Instant

        package init(_ what: String, _ at: Instant) { (self.what, self.at) = (what, at) }
    }

    package enum Verdict: Hashable, Sendable {
        case sound
        /// Milliseconds, at least, and what speaks for it.
        case ahead(Int64, Mark), behind(Int64, Mark)
        /// So long after what is known: off for so long, or wrong.
        case unknown(Int64, Mark)
    }

    private struct Anchor: Hashable, Sendable {
        let wall: Instant
        let boot: Double
        /// From a former life: at least so much time has passed.
        let formerly: Mark?

        func moment(at boot: Double) -> Instant {
            Instant(milliseconds: wall.milliseconds + Int64((boot - self.boot) * 1000))
        }
    }

    private var anchor: Anchor?
    /// Our own first: what people know best.
    private var marks: [Mark]
    private var last: Anchor?
    /// Whose clock differs, and whose does not, since ours was moved last.
    private var differing: [ClockParty: ClockReading] = [:]
    private var agreeing: Set<ClockParty> = []
    /// Seconds of agreement that are still wanted before anything is deleted.
    private var owed: Double

    /// - Parameters:
    ///   - memory: what `memory` was in a former life; nil: there was none.
    ///   - entry: our ledger's newest entry; nil: it is empty.
    ///   - token: the newest time token.
    ///   - others: what else has passed, such as our card's date.
    ///   - boot: CLOCK_BOOTTIME, seconds.
    package init(memory: String?, entry: Instant?, token: Instant?, others: [Mark], boot: Double) {
        let fields = memory?.split(separator: " ").map(String.init) ?? []
        let known = fields.first.flatMap { try? Instant($0) }.map { Mark("the time that we knew last", $0) }
        let newest = entry.map { Mark("our ledger's newest entry", $0) }
        let stamped = token.map { Mark("the newest time token", $0) }
        // Entries may bear the wrong time of a former life: they count only where nothing better is remembered.
        let best = [known ?? newest, stamped].compactMap { $0 }.max { $0.at < $1.at }
        anchor = best.map { Anchor(wall: $0.at, boot: boot, formerly: $0) }
        marks = [newest, stamped].compactMap { $0 } + others
        // A ledger that remembers nothing yet has never been in doubt: its newest entry decides, and a start that it makes
        // doubtful owes a day from then on.
        let unsaid = known == nil && newest != nil ? 0 : Self.probation
        owed = fields.dropFirst().first.flatMap(Double.init) ?? unsaid
    }

    /// The clock is looked at: often, so that a step is noticed as one.
    package mutating func look(wall: Instant, boot: Double) -> Verdict {
        if let last, abs(wall.milliseconds - last.moment(at: boot).milliseconds) > Self.tolerance {
            (differing, agreeing) = ([:], [])
        }
        let verdict = judged(wall, boot)
        if verdict == .sound {
            owed = max(0, owed - (boot - (last?.boot ?? boot)))
            anchor = Anchor(wall: wall, boot: boot, formerly: nil)
        }
        last = Anchor(wall: wall, boot: boot, formerly: nil)
        return verdict
    }

    private func judged(_ wall: Instant, _ boot: Double) -> Verdict {
        if let verdict = byParties() { return verdict }
        let beyond = wall.milliseconds + Self.tolerance
        if let mark = marks.first(where: { $0.at.milliseconds > beyond }) {
            return .behind(mark.at.milliseconds - wall.milliseconds, mark)
        }
        guard let anchor else { return .sound }
        let expected = anchor.moment(at: boot)
        let off = wall.milliseconds - expected.milliseconds
        let mark = anchor.formerly ?? Mark("what it was, and what has passed since,", expected)
        if off < -Self.tolerance { return .behind(-off, mark) }
        guard anchor.formerly == nil else {
            return off > Self.longestPause + Self.tolerance ? .unknown(off, mark) : .sound
        }
        return off > Self.tolerance ? .ahead(off, mark) : .sound
    }

    /// The time authority's word, or that of two partners whom nobody contradicts.
    private func byParties() -> Verdict? {
        if let reading = differing[.authority] { return Self.verdict(reading, "the time authority") }
        guard agreeing.isEmpty, differing.count > 1, let one = differing.min(by: { $0.key < $1.key }),
            differing.values.allSatisfy({ $0.finding.isAhead == one.value.finding.isAhead })
        else { return nil }
        return Self.verdict(one.value, differing.keys.sorted().map(\.name).joined(separator: ", "))
    }

    private static func verdict(_ reading: ClockReading, _ who: String) -> Verdict? {
        let mark = Mark("what \(who) signed", reading.their)
        return switch reading.finding {
        case .ahead(let by): .behind(by, mark)
        case .behind(let by): .ahead(by, mark)
        case .near, .unknown: nil
        }
    }

    // MARK: - What others say

    mutating func agrees(_ party: ClockParty, wall: Instant, boot: Double) {
        let before = look(wall: wall, boot: boot)
        differing[party] = nil
        agreeing.insert(party)
        if party == .authority {
            owed = 0
        } else {
            guard differing[.authority] == nil else { return }
            if before != .sound { owed = Self.probation }
        }
        marks = []
        anchor = Anchor(wall: wall, boot: boot, formerly: nil)
    }

    mutating func differs(_ party: ClockParty, _ reading: ClockReading) {
        agreeing.remove(party)
        differing[party] = reading
    }

    mutating func forget(_ party: ClockParty) {
        agreeing.remove(party)
        differing[party] = nil
    }

    // MARK: - What follows

    /// Whether what is old enough may go: only by a clock that is sound, that nobody alone contradicts, and that has been so
    /// for long enough.
    package mutating func mayForget(wall: Instant, boot: Double) -> Bool {
        look(wall: wall, boot: boot) == .sound && owed <= 0 && (differing.isEmpty || !agreeing.isEmpty)
    }

    /// For the next life; only of a sound clock.
    package mutating func memory(wall: Instant, boot: Double) -> String? {
        look(wall: wall, boot: boot) == .sound ? "\(wall) \(Int(owed.rounded(.up)))" : nil
    }
}
