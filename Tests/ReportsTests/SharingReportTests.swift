import Ledger
import Reports
import Testing
import Vocabulary

@Suite struct SharingReportTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    private func told(_ row: ReportRow, _ context: ReportContext? = nil) throws -> ReportLine {
        var report = SharingReport(context ?? scene.context)
        let line = report.line(row)
        return try #require(line)
    }

    /// Each field of the regulator's form, with what it says of a file that the route sent.
    static let form: [(String, String)] = [
        ("organisationReceivingRequest", "Hartlepool Borough Council"),
        ("organisationRequesting", "Cleveland Police (cleveland-police)"),
        ("requesterNameAndPosition", "no request: shared of our own accord"),
        ("requestReceivedOn", "no request: shared of our own accord"),
        (
            "dataDescription",
            "names, law of pd-01 (pd-01); health information, law of sc-health (sc-health); about: child; "
                + "one file, application/pdf, 1234 bytes"
        ),
        ("controllerRelationship", "separate controllers"),
        ("agreementInPlace", "tees-tier-2@2026-04: Tees-wide agreement, SHA-256 " + String(repeating: "07", count: 32)),
        ("purpose", "Protecting children from maltreatment, law of pu-3.1 (pu-3.1)"),
        ("lawfulBasis", "public task, law of A6-1-e (A6-1-e)"),
        ("whyNecessary", "Partners must decide together."),
        (
            "additionalConditions",
            "substantial public interest, law of A9-2-g (A9-2-g); safeguarding, law of S1-18 (S1-18); "
                + "Sch 1 para 18(1)(d): reason b; appropriate policy document apd-2026-1, review by 2027-04-01"
        ),
        ("part3Provisions", "not Part 3"),
        ("legalPower", "enquiries, law of CA89-47 (CA89-47)"),
        ("dpia", "dpia-7: low risk"),
        ("dpoViews", "content"),
        ("retentionAndDeletion", "child-protection, review by 2027-11-22"),
        (
            "security",
            "OFFICIAL; need to know; sealed to the recipient's key end to end; sender and recipient sign; "
                + "append-only ledger with proofs"
        ),
        ("individualsRights", "one request to any partner; child: not informed"),
        ("interval", "this file once"),
        ("claimedAt", "2026-11-22T09:00:00.000Z"),
        ("sentAt", "2026-11-22T09:00:01.000Z"),
        ("deliveredAt", "2026-11-22T09:00:05.000Z"),
        ("decision", "to share"),
        ("reasons", "Partners must decide together."),
        ("detrimentTest", ""),
        ("decidedBy", "route"),
        ("deciderPosition", "the agreement's route"),
        ("signed", "signed waybill, SHA-256 " + String(repeating: "07", count: 32)),
        ("dated", "2026-11-22T09:00:01.000Z"),
    ]

    @Test("every field of the regulator's form is filled", arguments: form)
    func field(_ name: String, _ value: String) throws {
        #expect(try told(try scene.row())[name].plain == value)
    }

    @Test("the report holds the form's fields and no others between identity and evidence")
    func complete() throws {
        let names = try told(try scene.row()).columns.map(\.name)
        #expect(names.prefix(3) == ["id", "state", "use"])
        #expect(Array(names.dropFirst(3).prefix(Self.form.count)) == Self.form.map(\.0))
    }

    @Test("what Waybill cannot know it says")
    func unknown() throws {
        var context = scene.context
        context.agreements = [:]
        let row = try scene.row(decision: .released(by: "person:jd", after: [shortfall]))
        let line = try told(row, context)
        for name in ["dpia", "dpoViews", "deciderPosition"] { #expect(line[name].plain == "not known to Waybill") }
        #expect(line["individualsRights"].plain.hasPrefix("arrangements of the agreement: not known to Waybill"))
    }

    @Test("no field of the form is left empty, whatever the label lacks")
    func noneEmpty() throws {
        var bare = scene.label
        bare.basis = Label.Basis()
        (bare.subjects, bare.retention, bare.categories) = ([], nil, ["pd-01"])
        var context = scene.context
        (context.agreements, context.use) = ([:], .lawfulness)
        for row in [
            try scene.row(label: bare), try scene.row(regime: "dpa-part-3", label: bare),
            ReportRow(record: try scene.row().record, decision: DecisionFacts(.released, by: "route")),
        ] {
            let line = try told(row, context)
            for name in Self.form.map(\.0) where !["detrimentTest", "dated"].contains(name) {
                #expect(!line[name].plain.isEmpty, "\(name)")
            }
        }
    }

    @Test("an emergency tells its reason, and whether somebody has looked at it")
    func emergency() throws {
        var label = scene.label
        label.emergency = .init(reason: "The child is missing.", reviewBy: Instant(seconds: 1_795_100_000))
        var row = try scene.row(label: label)
        var duty = try scene.duty(.review, row)
        row.duties = [duty]
        let open = try told(row)
        #expect(open["emergency"].plain == "The child is missing.")
        #expect(open["emergencyReview"].plain == "not yet reviewed, due 2026-12-23T00:00:00.000Z")
        duty.close(at: duty.openedAt, by: "person:jd", ground: "reviewed")
        row.duties = [duty]
        #expect(try told(row)["emergencyReview"].plain == "reviewed by person:jd")
    }

    @Test("sharing on request names the stored request")
    func request() throws {
        var label = scene.label
        label.basis.request = "req-9"
        let line = try told(try scene.row(label: label))
        #expect(line["requestReceivedOn"].plain == "not known to Waybill; see request req-9")
        #expect(line["requesterNameAndPosition"].plain == "not known to Waybill; see request req-9")
    }

    @Test("a decision not to share stands there with its reason and the test of the Children Act")
    func rejected() throws {
        var facts = DecisionFacts(.rejected, by: "person:jd", because: "The father would learn the address.")
        facts.detriment = "yes"
        var row = try scene.row(state: .rejected, decision: facts)
        row.waybill = nil
        let line = try told(row)
        #expect(line["decision"].plain == "not to share")
        #expect(line["reasons"].plain == "The father would learn the address.")
        #expect(line["detrimentTest"].plain.hasPrefix("CA 2004 s.16LA(3)"))
        #expect(line["detrimentTest"].plain.hasSuffix("? yes"))
        #expect(line["decidedBy"].plain == "person:jd")
        facts.detriment = nil
        #expect(try told(try scene.row(decision: facts))["detrimentTest"].plain.hasSuffix("? not said"))
    }

    @Test("a decision that was never signed says so")
    func unsigned() throws {
        var facts = DecisionFacts(.held, by: "route", at: try Instant("2026-11-22T09:00:00.000Z"))
        facts.findings = [shortfall]
        var record = try scene.row(state: .held).record
        record.waybill = nil
        let line = try told(ReportRow(record: record, label: scene.label, decision: facts))
        #expect(line["signed"].plain == "not signed")
        #expect(line["dated"].plain == "2026-11-22T09:00:00.000Z")
        #expect(line["reasons"].plain == "R-020: No condition.")
        #expect(line["decision"].plain == "not decided: waits for a person")
    }

    @Test(
        "each outcome has its words",
        arguments: [
            (DecisionFacts.Outcome.released, "to share"), (.blocked, "not shared: the law bars it"),
            (.recalled, "to share; asked back later"), (.rejected, "not to share"),
        ])
    func outcomes(_ outcome: DecisionFacts.Outcome, _ words: String) throws {
        #expect(try told(try scene.row(decision: DecisionFacts(outcome, by: "route")))["decision"].plain == words)
    }

    @Test("a person's release gives the person, the reason, what held it and what was changed by hand")
    func override() throws {
        var facts = DecisionFacts.released(by: "person:jd", after: [shortfall], because: "Rang the school.")
        facts.origins = ["purpose": "side-car", "basis": "release", "route": "route"]
        let line = try told(try scene.row(decision: facts))
        #expect(line["reasons"].plain == "Rang the school.")
        #expect(line["decidedBy"].plain == "person:jd")
        #expect(line["findings"].plain == "R-020: No condition.")
        #expect(line["notFromRoute"].plain == "basis: release; purpose: side-car")
    }

    @Test("joint controllers, caveats, transfers and consent are shown where the label or the agreement has them")
    func others() throws {
        var context = scene.context
        context.agreements["tees-tier-2@2026-04"]?.joint = true
        var label = scene.label
        label.handling = .init(classification: "OFFICIAL-SENSITIVE", caveats: ["safe-address"])
        (label.basis.transfer, label.basis.consent) = ("tr-1", "form 12")
        (label.basis.confidentiality, label.basis.incapacity) = ("health-professional", "legally")
        label.basis.authority = "court order 4"
        let line = try told(try scene.row(label: label), context)
        #expect(line["controllerRelationship"].plain == "joint controllers")
        #expect(line["security"].plain.hasPrefix("OFFICIAL-SENSITIVE, safe-address; "))
        #expect(line["security"].plain.hasSuffix("adequacy regulations, law of tr-1 (tr-1)"))
        for words in ["9(3): health-professional", "cannot consent: legally", "consent: form 12", "court order 4"] {
            #expect(line["additionalConditions"].plain.contains(words))
        }
    }

    @Test("a share under Part 3 gives its own provisions and its mark")
    func part3() throws {
        var context = scene.context
        context.use = .lawfulness
        let line = try told(try scene.row(regime: "dpa-part-3", label: scene.lawEnforcement), context)
        for words in [
            "safeguarding of children, law of S8-4 (S8-4)", "s.31: prevention of crime", "s.38(5)(b): checked with the",
            "s.38(2): both", "apd-2026-1",
        ] {
            #expect(line["part3Provisions"].plain.contains(words))
        }
        #expect(line["additionalConditions"].plain == "none named")
        #expect(line["lawfulBasis"].plain == "DPA 2018 s.35 (Part 3)")
        #expect(line["use"].plain == "s.62(4): lawfulness")
    }

    @Test("what was received was not ours to decide and is not here")
    func received() throws {
        var report = SharingReport(scene.context)
        let line = report.line(try scene.row(.received))
        #expect(line == nil)
        #expect(report.gate.leftOut == 0)
    }

    @Test("true names of files are shown only where the reader asks")
    func names() throws {
        let row = try scene.row()
        #expect(!(try told(row).json.text.contains("Jane Roe")))
        var context = scene.context
        context.withNames = true
        #expect(try told(row, context)["name"].plain == "Jane Roe.pdf")
    }

    @Test("CSV and JSON carry the same, and a reason cannot run in a spreadsheet")
    func rendering() throws {
        let row = try scene.row(decision: .released(by: "person:jd", after: [], because: "=HYPERLINK(\"x\"),\n+1"))
        let line = try told(row)
        #expect(line.csv.contains("\"'=HYPERLINK(\"\"x\"\"), +1\""))
        #expect(!line.csv.contains("\n"))
        #expect(line.csvHeader.hasPrefix("id,state,use,organisationReceivingRequest,"))
        let json = try JSON(kept: line.json.encoded)
        guard case .object(let members) = json else {
            Issue.record("no object")
            return
        }
        #expect(members["reasons"] == .array([.string("=HYPERLINK(\"x\"),\n+1")]))
        #expect(members["detrimentTest"] == nil)
    }
}
