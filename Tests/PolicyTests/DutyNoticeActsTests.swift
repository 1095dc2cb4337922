import Policy
import Testing
import Vocabulary

@Suite struct DutyNoticeActsTests {
    private let acts: NoticeActs
    private let now: Instant

    init() throws {
        acts = NoticeActs(catalogue: try DutyLaw.catalogue())
        now = try Instant("2026-11-22T09:00:00.000Z")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let ground: String
        let evidence: @Sendable (inout NoticeEvidence) -> Void
        /// What the refusal asks for; nil where it is granted.
        let refusal: String?

        init(
            _ ground: String, asks refusal: String? = nil,
            _ evidence: @escaping @Sendable (inout NoticeEvidence) -> Void
        ) {
            self.ground = ground
            self.evidence = evidence
            self.refusal = refusal
        }

        var testDescription: String { "\(ground) \(refusal ?? "granted")" }
    }

    private static let day = CalendarDate(year: 2026, month: 11, day: 21)

    static let closings: [Case] = [
        Case("14-done") { ($0.on, $0.channel, $0.noticeVersion) = (day, "letter", "2026-04") },
        Case("14-done", asks: "--channel") { ($0.on, $0.noticeVersion) = (day, "2026-04") },
        Case("14-done", asks: "--notice") { ($0.on, $0.channel) = (day, "letter") },
        Case("14-done", asks: "--on") { ($0.channel, $0.noticeVersion) = ("letter", "2026-04") },
        Case("14-5-a") { $0.sender.informedOn = day },
        Case("14-5-a") { $0.because = "They brought our own notice to the meeting." },
        Case("14-5-a", asks: "--because") { $0.on = day },
        Case("14-5-a", asks: "--because") { $0.because = "  \n" },
        Case("14-5-c") { $0.gateway = "CA89-47" },
        Case("14-5-c", asks: "--gateway") { $0.because = "the law says so" },
        Case("14-5-c", asks: "in force today") { $0.gateway = "CA04-16LA" },
        Case("14-5-c", asks: "in force today") { $0.gateway = "nothing" },
        Case("14-5-d") { $0.duty = "solicitor's duty of confidence" },
        Case("14-5-d", asks: "--duty") { $0.because = "secret" },
        Case("14-5-e") { ($0.because, $0.publicNotice) = ("4,000 people of the 1980s", "privacy page") },
        Case("14-5-e", asks: "--public-notice") { $0.because = "4,000 people of the 1980s" },
        Case("14-5-e", asks: "--because") { $0.publicNotice = "privacy page" },
        Case("S2-5") { $0.reference = "order 12/26" },
        Case("S2-5", asks: "--ref") { $0.because = "a court" },
        Case("S3-3") { $0.reference = "report 7" },
        Case("S3-3", asks: "--ref") { _ in },
        Case("X-1") { $0.because = "a ground that only the catalogue knows" },
        Case("X-1", asks: "--because") { _ in },
        Case("X-2") { ($0.gateway, $0.publicNotice) = ("CA89-47", "page") },
        Case("X-2", asks: "--public-notice") { $0.gateway = "CA89-47" },
        Case("X-3", asks: "--because") { _ in },
    ]

    @Test("a ground closes a notice with what it needs, and not without", arguments: closings)
    func closing(_ one: Case) {
        expect(one, acts.close(ground: one.ground, evidence(one), now: now), until: nil)
    }

    static let deferrals: [Case] = [
        Case("14-5-f") { ($0.because, $0.publicNotice) = ("the abuser reads the post", "privacy page") },
        Case("14-5-f", asks: "--public-notice") { $0.because = "the abuser reads the post" },
        Case("S2-2") { $0.because = "An arrest is planned; word would warn the suspect." },
        Case("S2-2", asks: "--because") { $0.reference = "case 4" },
        Case("S2-2-3") { $0.sender.ground = "S2-2" },
        Case("S2-2-3") { $0.reference = "their letter of 3 November" },
        Case("S2-2-3", asks: "Ask the sender") { $0.sender.ground = "14-5-d" },
        Case("S2-7") { $0.function = "protecting the public from unfit carers" },
        Case("S2-7", asks: "--function") { $0.because = "function" },
        // What does not pass with time cannot wait.
        Case("14-5-c", asks: "notices close") { $0.gateway = "CA89-47" },
        Case("14-done", asks: "notices close") { _ in },
    ]

    @Test("a temporary ground puts a notice off with what it needs, and no other ground does", arguments: deferrals)
    func deferring(_ one: Case) throws {
        let day = try CalendarDate("2027-04-01")
        expect(one, acts.put(off: one.ground, until: day, evidence(one), now: now), until: day.startInLondon)
    }

    @Test("a temporary ground cannot end a notice", arguments: ["14-5-f", "S2-2", "S2-2-3", "S2-7"])
    func temporary(_ ground: String) throws {
        var all = NoticeEvidence()
        (all.because, all.publicNotice, all.function, all.reference) = ("a", "b", "c", "d")
        let findings = try #require(refusals(acts.close(ground: ground, all, now: now)))
        #expect(findings.count == 1)
        #expect(findings[0].found.contains("temporary"))
        #expect(findings[0].fix.contains("waybill notices defer"))
        #expect(findings[0].citation == "citation of \(ground)")
    }

    @Test(
        "exemptions from access requests are no grounds here, and the refusal names those that are",
        arguments: ["S3-5", "S3-11", "S3-19", "S3-21", "S4", "S4-3"])
    func accessOnly(_ ground: String) throws {
        var all = NoticeEvidence()
        (all.because, all.reference) = ("serious harm", "r")
        let day = try CalendarDate("2027-01-04")
        for answer in [
            acts.close(ground: ground, all, now: now), acts.put(off: ground, until: day, all, now: now),
        ] {
            let finding = try #require(refusals(answer)?.first)
            #expect(finding.found.contains("Article 15"))
            #expect(finding.fix.contains("14-5-f") && finding.fix.contains("S2-2"))
            #expect(finding.citation.hasPrefix("citation of S"))
        }
    }

    @Test(
        "a ground is judged by the law of the day, and a refusal names its dates",
        arguments: [
            ("14-5-e", "2026-02-04T23:59:00.000Z", "is not in force before 2026-02-05"),
            ("14-5-e", "2026-02-05T00:00:00.000Z", nil),
            ("14-5-b", "2026-02-04T23:59:00.000Z", nil),
            ("14-5-b", "2026-02-05T00:00:00.000Z", "ended on 2026-02-04"),
            ("14-5-z", "2026-02-05T00:00:00.000Z", "is not in the catalogue"),
        ] as [(String, String, String?)])
    func dated(_ ground: String, _ now: String, _ refusal: String?) throws {
        var all = NoticeEvidence()
        (all.because, all.publicNotice) = ("a reason", "a page")
        let findings = refusals(acts.close(ground: ground, all, now: try Instant(now)))
        #expect((findings == nil) == (refusal == nil))
        if let refusal { #expect(findings?.first?.found.contains(refusal) ?? false) }
    }

    @Test(
        "a deferral ends after today and within the months that are allowed",
        arguments: [
            (nil, 6, false), ("2026-11-21", 6, false), ("2026-11-22", 6, false), ("2026-11-23", 6, true),
            ("2027-05-22", 6, true), ("2027-05-23", 6, false), ("2026-12-22", 1, true), ("2026-12-23", 1, false),
        ] as [(String?, Int64, Bool)])
    func furthest(_ day: String?, _ months: Int64, _ isGranted: Bool) throws {
        let acts = NoticeActs(catalogue: try DutyLaw.catalogue(), mostMonths: months)
        var evidence = NoticeEvidence()
        evidence.because = "An arrest is planned."
        let answer = acts.put(off: "S2-2", until: try day.map { try CalendarDate($0) }, evidence, now: now)
        #expect((refusals(answer) == nil) == isGranted)
    }

    @Test("every mistake is named at once")
    func allAtOnce() throws {
        #expect(refusals(acts.close(ground: "14-done", NoticeEvidence(), now: now))?.count == 3)
        #expect(refusals(acts.put(off: "14-5-f", until: nil, NoticeEvidence(), now: now))?.count == 3)
    }

    @Test("a day to come tells nobody")
    func plannedDay() throws {
        var evidence = NoticeEvidence()
        (evidence.on, evidence.channel, evidence.noticeVersion) = (try CalendarDate("2026-11-23"), "visit", "v1")
        let found = try #require(refusals(acts.close(ground: "14-done", evidence, now: now))?.first)
        #expect(found.found == "2026-11-23 is still to come.")
        // At 23:30 UTC in summer it is tomorrow in England already.
        evidence.on = try CalendarDate("2026-07-02")
        #expect(refusals(acts.close(ground: "14-done", evidence, now: try Instant("2026-07-01T23:30:00.000Z"))) == nil)
        #expect(refusals(acts.close(ground: "14-done", evidence, now: try Instant("2026-07-01T22:30:00.000Z"))) != nil)
    }

    @Test("what was brought forward is kept, by ids and dates, and the reason beside it")
    func kept() throws {
        var evidence = NoticeEvidence()
        (evidence.on, evidence.channel, evidence.noticeVersion) = (Self.day, "letter", "2026-04")
        evidence.because = "with the review's letter"
        guard case .granted(let done) = acts.close(ground: "14-done", evidence, now: now) else {
            Issue.record("refused")
            return
        }
        #expect(done.facts == ["informedOn": "2026-11-21", "channel": "letter", "noticeVersion": "2026-04"])
        #expect(done.because == "with the review's letter")
        #expect(done.ground == "14-done")
    }

    @Test("a deferred notice that opens again is due as before, or by the end of the day on which it opens")
    func reopened() throws {
        let opens = try CalendarDate("2026-07-01").startInLondon
        let (past, future) = (try Instant("2026-05-01T23:00:00.000Z"), try Instant("2026-09-01T23:00:00.000Z"))
        #expect(NoticeActs.due(past, reopened: opens) == (try Instant("2026-07-01T23:00:00.000Z")))
        #expect(NoticeActs.due(future, reopened: opens) == future)
    }

    @Test("contact and disclosure move the due date; a day before the receipt is refused")
    func contact() throws {
        let clock = NoticeClock(received: now, workingDays: try DutyLaw.workingDays())
        let (before, same) = (try CalendarDate("2026-11-21"), try CalendarDate("2026-11-22"))
        guard case .refused(let why) = acts.contact(clock, .on(before)) else {
            Issue.record("a contact before the receipt counts")
            return
        }
        #expect(why.first?.found.contains("lies before the receipt on 2026-11-22") ?? false)
        guard case .granted(let moved) = acts.contact(clock, .on(same)),
            case .granted(let disclosed) = acts.disclosure(clock, .on(same))
        else {
            Issue.record("a contact on the day of receipt does not count")
            return
        }
        #expect(moved.cause == .contact && disclosed.cause == .disclosure)
        #expect(moved.dueConservative == same.endInLondon)
    }

    private func evidence(_ one: Case) -> NoticeEvidence {
        var evidence = NoticeEvidence()
        one.evidence(&evidence)
        return evidence
    }

    private func expect(_ one: Case, _ answer: Judged<NoticeSettlement>, until: Instant?) {
        switch answer {
        case .granted(let settlement):
            #expect(one.refusal == nil)
            #expect(settlement.ground == one.ground)
            #expect(settlement.deferredUntil == until)
        case .refused(let findings):
            #expect(one.refusal.map { ask in findings.contains { $0.fix.contains(ask) } } ?? false)
            #expect(findings.allSatisfy { $0.rule == "d-4.4" && !$0.citation.isEmpty })
        }
    }

    private func refusals<Value>(_ answer: Judged<Value>) -> [Finding]? {
        guard case .refused(let findings) = answer else { return nil }
        return findings
    }
}
