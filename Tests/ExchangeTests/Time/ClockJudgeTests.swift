import Exchange
import ExchangeTesting
import Folders
import Testing
import Vocabulary

/// Whether our own clock is believed, by what is written down and by who answers.
@Suite struct ClockJudgeTests {
    private static let year: Int64 = 365 * 86_400
    private let start = Clock.start

    private func judged(memory: Instant?, entry: Instant? = nil, token: Instant? = nil) -> Judged {
        let others = [ClockJudge.Mark("the date of our card", start.adding(seconds: -40 * 86_400))]
        return Judged(
            ClockJudge(memory: memory.map { "\($0) 0" }, entry: entry, token: token, others: others, boot: 0))
    }

    /// For expectations, which take no call that changes something.
    private final class Judged {
        private var judge: ClockJudge

        init(_ judge: ClockJudge) { self.judge = judge }

        func look(wall: Instant, boot: Double) -> ClockJudge.Verdict { judge.look(wall: wall, boot: boot) }
        func mayForget(wall: Instant, boot: Double) -> Bool { judge.mayForget(wall: wall, boot: boot) }
        func memory(wall: Instant, boot: Double) -> String? { judge.memory(wall: wall, boot: boot) }
    }

    private func after(_ seconds: Int64) -> Instant { start.adding(seconds: seconds) }

    @Test("a start an hour after the last life is sound, and what is old may go")
    func usual() {
        let judge = judged(memory: start, entry: start)
        #expect(judge.look(wall: after(3600), boot: 0) == .sound)
        #expect(judge.mayForget(wall: after(3601), boot: 1))
    }

    @Test("a start a year ahead lets nothing go, however long it runs, and so does the next start")
    func yearAhead() throws {
        let wrong = judged(memory: start, entry: start)
        for day in 0..<60 {
            let (wall, boot) = (after(Self.year + Int64(day) * 86_400), Double(day) * 86_400)
            #expect(!wrong.mayForget(wall: wall, boot: boot))
            #expect(wrong.memory(wall: wall, boot: boot) == nil)
        }
        // Its own entries, written meanwhile, are no witness.
        let next = judged(memory: start, entry: after(Self.year + 60 * 86_400))
        #expect(!next.mayForget(wall: after(Self.year + 61 * 86_400), boot: 0))
        guard case .unknown(let by, let mark) = next.look(wall: after(Self.year + 61 * 86_400), boot: 1) else {
            Issue.record("a start a year ahead was not noticed")
            return
        }
        #expect(by >= (Self.year + 60 * 86_400) * 1000 && mark.at == start)
    }

    @Test(
        "without a memory our ledger's newest entry counts; without both there is nothing to doubt, and nothing goes yet"
    )
    func firstStart() {
        let judge = judged(memory: nil, entry: start)
        #expect(judge.look(wall: after(Self.year), boot: 0) != .sound)
        let fresh = Judged(ClockJudge(memory: nil, entry: nil, token: nil, others: [], boot: 0))
        #expect(fresh.look(wall: after(Self.year), boot: 0) == .sound)
        #expect(!fresh.mayForget(wall: after(Self.year), boot: 0))
    }

    @Test("a clock that is behind what is written is named with what speaks for it", arguments: [true, false])
    func behind(byEntry: Bool) throws {
        let judge = byEntry ? judged(memory: nil, entry: start) : judged(memory: nil, token: start)
        let wall = after(-3 * Self.year)
        let verdict = judge.look(wall: wall, boot: 0)
        let words = try #require(ClockWords.alarm(verdict, now: wall))
        #expect(words.contains("Our clock says \(wall.description.prefix(10))") && words.contains("1095 days"))
        #expect(words.contains(byEntry ? "our ledger's newest entry" : "the newest time token"))
        #expect(words.contains("timedatectl") && words.contains(start.description.prefix(10)))
        #expect(!judge.mayForget(wall: wall, boot: 100_000))
    }

    @Test(
        "a step under way is noticed in either direction, and its end too", arguments: [40 * 86_400, -40 * 86_400, 600])
    func step(by: Int64) {
        let judge = judged(memory: start)
        #expect(judge.look(wall: after(10), boot: 10) == .sound)
        switch judge.look(wall: after(20 + by), boot: 20) {
        case .ahead(let found, _): #expect(by > 0 && found == by * 1000)
        case .behind(let found, _): #expect(by < 0 && found == -by * 1000)
        default: Issue.record("a step of \(by) s was not noticed")
        }
        #expect(!judge.mayForget(wall: after(30 + by), boot: 30))
        #expect(judge.look(wall: after(40), boot: 40) == .sound)
        #expect(judge.mayForget(wall: after(50), boot: 50))
    }

    @Test("a clock that is slewed, or a machine that slept, is sound")
    func slewed() {
        let judge = judged(memory: start)
        for hour in 0..<48 {
            // A minute an hour, and the boot clock counts through sleep.
            #expect(judge.look(wall: after(Int64(hour) * 3660), boot: Double(hour) * 3600) == .sound)
        }
    }
}

/// The same where partners and the time authority speak.
@Suite struct OurClockTests {
    private static let year: Int64 = 365 * 86_400

    private func agency(_ root: String, off seconds: Int64, _ clock: Clock) throws -> Agency {
        let agency = try TestAgency("stockton", root: root).agency(knowing: [], at: clock)
        agency.clock.ours.watch(
            ClockJudge(memory: "\(clock.now) 0", entry: nil, token: nil, others: [], boot: clock.boot))
        clock.set(by: seconds)
        return agency
    }

    @Test("what a partner signs just now ends the doubt at once; what is old goes after a day of it")
    func partnerAgrees() async throws {
        try await inTemporaryFolder { root in
            let clock = Clock()
            let agency = try agency(root, off: Self.year, clock)
            #expect(agency.clock.skew.lookAtOurs()?.contains("365 days after the time that we knew last") == true)
            #expect(agency.alarms.current["clock"]?.contains("timedatectl") == true)
            let now = clock.now
            agency.clock.skew.note(partner: try AgencyID("tewv"), their: now, sent: now, received: now)
            #expect(agency.clock.ours.verdict == .sound)
            #expect(agency.clock.skew.lookAtOurs() == "it agrees again" && agency.alarms.current["clock"] == nil)
            #expect(!agency.clock.ours.mayForget)
            clock.advance(seconds: 3600)
            #expect(!agency.clock.ours.mayForget)
            clock.advance(seconds: 86_400)
            #expect(agency.clock.ours.mayForget)
        }
    }

    @Test("the time authority's word is enough, for and against")
    func authority() async throws {
        try await inTemporaryFolder { root in
            let clock = Clock()
            let agency = try agency(root, off: Self.year, clock)
            var now = clock.now
            agency.clock.skew.noteAuthority(their: now, sent: now, received: now)
            #expect(agency.clock.ours.mayForget)
            now = clock.now
            agency.clock.skew.noteAuthority(their: now.adding(seconds: -7200), sent: now, received: now)
            #expect(!agency.clock.ours.mayForget)
            guard case .ahead(7_200_000, _) = agency.clock.ours.verdict else {
                Issue.record("\(agency.clock.ours.verdict)")
                return
            }
        }
    }

    @Test("nothing goes while the only partner's clock differs; two who differ alike say that it is ours")
    func partnersDiffer() async throws {
        try await inTemporaryFolder { root in
            let clock = Clock()
            let agency = try agency(root, off: 0, clock)
            #expect(agency.clock.ours.mayForget)
            let now = clock.now
            agency.clock.skew.note(
                partner: try AgencyID("tewv"), their: now.adding(seconds: -7200), sent: now, received: now)
            #expect(agency.clock.ours.verdict == .sound && !agency.clock.ours.mayForget)
            agency.clock.skew.note(
                partner: try AgencyID("cleveland-police"), their: now.adding(seconds: -7300), sent: now, received: now)
            guard case .ahead(_, let mark) = agency.clock.ours.verdict else {
                Issue.record("\(agency.clock.ours.verdict)")
                return
            }
            #expect(mark.what == "what cleveland-police, tewv signed")
            agency.clock.skew.forget(partner: try AgencyID("tewv"))
            agency.clock.skew.note(partner: try AgencyID("cleveland-police"), their: now, sent: now, received: now)
            #expect(agency.clock.ours.verdict == .sound && agency.clock.ours.mayForget)
        }
    }
}
