import Ledger
import Policy
import Reports
import Testing
import Vocabulary

@Suite struct ProcessingReportTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    private func lines(_ rows: [ReportRow], _ context: ReportContext? = nil) -> [ReportLine] {
        var report = ProcessingReport(context ?? scene.context)
        for row in rows { report.add(row) }
        return report.lines
    }

    static let fields: [(String, String)] = [
        // UK GDPR 30(1)(a)-(g)
        ("controller", "Hartlepool Borough Council"), ("controllerContact", "Civic Centre"),
        ("dataProtectionOfficer", "not known to Waybill"), ("jointController", ""),
        ("purposes", "Protecting children from maltreatment, law of pu-3.1 (pu-3.1)"),
        ("subjectCategories", "child"),
        ("dataCategories", "health information, law of sc-health (sc-health); names, law of pd-01 (pd-01)"),
        ("recipients", "Cleveland Police (cleveland-police)"), ("transfers", "none recorded"),
        ("retention", "child-protection"),
        (
            "security",
            "sealed to the recipient's key end to end; sender and recipient sign; append-only ledger with proofs;"
                + " need to know; OFFICIAL"
        ),
        // DPA 2018 Sch 1 para 41(a)-(c)
        (
            "conditionsReliedOn",
            "safeguarding, law of S1-18 (S1-18); substantial public interest, law of A9-2-g (A9-2-g)"
        ),
        ("article6", "public task, law of A6-1-e (A6-1-e)"), ("gateways", "enquiries, law of CA89-47 (CA89-47)"),
        ("retentionPolicyFollowed", "as far as Waybill can see: each has a class, and no review date has passed"),
        ("policyDocument", "appropriate policy document apd-2026-1, review by 2027-04-01"),
        ("dpia", "dpia-7: low risk"), ("section35", ""), ("schedule8", ""),
        ("lawEnforcementPurposes", ""), ("profiling", ""),
        ("consignments", "1"), ("first", "2026-11-22T09:00:01.000Z"), ("last", "2026-11-22T09:00:01.000Z"),
    ]

    @Test("a line has the fields of Article 30 and of Schedule 1 paragraph 41", arguments: fields)
    func field(_ name: String, _ value: String) throws {
        var context = scene.context
        context.contact = "Civic Centre"
        #expect(try #require(lines([try scene.row()], context).first)[name].plain == value)
    }

    @Test("rows fall together by agreement, route, partner, direction and regime")
    func grouping() throws {
        var urgent = scene.label
        urgent.route = try RouteName("urgent")
        let tewv = try AgencyID("tewv")
        let rows = [
            try scene.row(), try scene.row(), try scene.row(.received), try scene.row(partner: tewv),
            try scene.row(label: urgent), try scene.row(regime: "dpa-part-3"),
        ]
        var context = scene.context
        context.use = .selfMonitoring
        let keys = lines(rows, context).map { line in
            ["route", "partner", "direction", "regime", "consignments"].map { line[$0].plain }
        }
        #expect(
            keys == [
                ["strategy-meeting", "cleveland-police", "received", "uk-gdpr", "1"],
                ["strategy-meeting", "cleveland-police", "sent", "uk-gdpr", "2"],
                ["strategy-meeting", "cleveland-police", "sent", "dpa-part-3", "1"],
                ["strategy-meeting", "tewv", "sent", "uk-gdpr", "1"],
                ["urgent", "cleveland-police", "sent", "uk-gdpr", "1"],
            ])
    }

    @Test("what was received names its source, and us as who holds it")
    func received() throws {
        let line = try #require(lines([try scene.row(.received)]).first)
        #expect(line["recipients"].plain == "Hartlepool Borough Council")
        #expect(line["source"].plain == "Cleveland Police (cleveland-police)")
        #expect(line["first"].plain == "2026-11-22T09:00:05.000Z")
    }

    @Test("what was never shared is not in it", arguments: [DecisionFacts.Outcome.held, .blocked, .rejected])
    func notShared(_ outcome: DecisionFacts.Outcome) throws {
        #expect(lines([try scene.row(decision: DecisionFacts(outcome, by: "route"))]).isEmpty)
    }

    @Test("what was asked back before it left was never shared")
    func recalledInTime() throws {
        let row = try scene.row(decision: DecisionFacts(.recalled, by: "route"))
        var record = row.record
        record.sentAt = nil
        #expect(lines([row]).count == 1)
        #expect(lines([ReportRow(record: record, waybill: row.waybill, decision: row.decision)]).isEmpty)
    }

    @Test("a retention policy that cannot be shown to be followed is said not to be, and why")
    func retention() throws {
        var (none, past, today) = (scene.label, scene.label, scene.label)
        none.retention = nil
        past.retention?.reviewBy = try CalendarDate("2026-11-29")
        today.retention?.reviewBy = try CalendarDate("2026-11-30")
        let rows = try [none, past, today].map { try scene.row(label: $0) }
        let line = try #require(lines(rows).first)
        let words = line["retentionPolicyFollowed"].plain
        #expect(words.hasPrefix("not shown: 1 of 3 without a retention class; review date passed for 1 of 3"))
        #expect(line["withoutRetention"] == .number(1) && line["pastReview"] == .number(1))
    }

    @Test("under Part 3 the fields of sections 42 and 61 are filled")
    func part3() throws {
        var context = scene.context
        context.use = .lawfulness
        let line = try #require(
            lines([try scene.row(regime: "dpa-part-3", label: scene.lawEnforcement)], context).first)
        #expect(line["section35"].plain.hasPrefix("based on the law named"))
        #expect(line["schedule8"].plain == "safeguarding of children, law of S8-4 (S8-4)")
        #expect(line["lawEnforcementPurposes"].plain.hasPrefix("prevention of crime"))
        #expect(line["profiling"].plain == "none by Waybill")
        #expect(line["use"].plain == "s.62(4): lawfulness")
    }

    @Test("joint controllers and transfers are named")
    func jointAndTransfer() throws {
        var context = scene.context
        context.agreements["tees-tier-2@2026-04"]?.joint = true
        var label = scene.label
        label.basis.transfer = "tr-1"
        let line = try #require(lines([try scene.row(label: label)], context).first)
        #expect(line["jointController"].plain == "Cleveland Police (cleveland-police)")
        #expect(line["transfers"].plain == "adequacy regulations, law of tr-1 (tr-1)")
    }

    @Test("words of law are those of the day of the share, not of the day of the report")
    func dated() throws {
        let (old, new) = (try CalendarDate("2026-11-22"), try CalendarDate("2026-11-23"))
        var context = scene.context
        context.catalogue = Catalogue(
            version: "v", sha256: scene.digest,
            .init(entries: [
                CatalogueEntry(
                    id: "pu-3.1", kind: .purpose, label: "new words", citation: "c", force: .init(from: new)),
                CatalogueEntry(id: "pu-3.1", kind: .purpose, label: "old words", citation: "c", force: .init(to: old)),
            ]))
        let line = try #require(lines([try scene.row()], context).first)
        #expect(line["purposes"].plain == "old words, c (pu-3.1)")
    }
}
