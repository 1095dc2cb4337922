import Ledger
import Policy
import Reports
import Testing
import Vocabulary

@Suite struct CountsReportTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    private func lines(_ rows: [ReportRow], _ context: ReportContext? = nil) -> [ReportLine] {
        var report = CountsReport(context ?? scene.context)
        for row in rows { report.add(row) }
        return report.lines
    }

    private func cells(_ lines: [ReportLine], _ measure: String, _ columns: [String]) -> [[String]] {
        lines.filter { $0["measure"].plain == measure }.map { line in columns.map { line[$0].plain } }
    }

    @Test("each category of each share is counted by recipient and purpose")
    func shares() throws {
        let tewv = try AgencyID("tewv")
        var label = scene.label
        label.categories = ["sc-health"]
        let lines = lines([try scene.row(), try scene.row(), try scene.row(partner: tewv, label: label)])
        #expect(
            cells(lines, "shared", ["category", "recipient", "purpose", "count"]) == [
                ["pd-01", "cleveland-police", "pu-3.1", "2"], ["sc-health", "cleveland-police", "pu-3.1", "2"],
                ["sc-health", "tewv", "pu-3.1", "1"],
            ])
    }

    @Test("emergencies, overrides, refusals to share and what waits are counted with their rates")
    func rates() throws {
        var emergency = scene.label
        emergency.emergency = .init(reason: "risk", reviewBy: Instant(seconds: 1_795_100_000))
        var noRetention = scene.label
        noRetention.retention = nil
        let rows = [
            try scene.row(), try scene.row(label: emergency), try scene.row(label: noRetention),
            try scene.row(decision: .released(by: "person:jd", after: [shortfall])),
            try scene.row(decision: DecisionFacts(.recalled, by: "route")),
            try scene.row(decision: DecisionFacts(.rejected, by: "person:jd")),
            try scene.row(decision: DecisionFacts(.held, by: "route")),
            try scene.row(decision: DecisionFacts(.blocked, by: "route")), try scene.row(.received),
        ]
        let lines = lines(rows)
        let expected = [
            ("decisions", ["8", "", ""]), ("shared-files", ["5", "", ""]), ("emergency", ["1", "5", "20.0 %"]),
            ("override", ["1", "5", "20.0 %"]), ("recalled", ["1", "8", "12.5 %"]),
            ("retention-missing", ["1", "5", "20.0 %"]), ("rejected", ["1", "8", "12.5 %"]),
            ("held", ["1", "8", "12.5 %"]), ("blocked", ["1", "8", "12.5 %"]),
        ]
        for (measure, values) in expected {
            #expect(cells(lines, measure, ["count", "of", "rate"]) == [values], "\(measure)")
        }
    }

    @Test("a person's release of what nothing held is no override, nor is a route's")
    func noOverride() throws {
        let rows = [
            try scene.row(decision: .released(by: "person:jd", after: [])),
            try scene.row(decision: .released(by: "route", after: [shortfall])),
        ]
        #expect(cells(lines(rows), "override", ["count"]) == [["0"]])
    }

    @Test("what the content check suggested is counted beside what was applied, by category")
    func suggestions() throws {
        func row(_ complete: Bool, _ suggested: [String]) throws -> ReportRow {
            var facts = DecisionFacts(.released, by: "route")
            facts.inspection = .init(complete: complete, suggested: suggested)
            return try scene.row(decision: facts)
        }
        let lines = lines([
            try row(true, ["sc-health", "cr-offence"]), try row(true, ["sc-health"]), try row(true, []),
            try row(false, ["cr-offence"]), try scene.row(),
        ])
        let columns = ["category", "count", "of", "rate"]
        #expect(cells(lines, "checked", ["count"]) == [["3"]])
        #expect(cells(lines, "not-checked", ["count", "of"]) == [["1", "5"]])
        #expect(cells(lines, "suggested-and-applied", columns) == [["sc-health", "2", "3", "66.7 %"]])
        #expect(cells(lines, "suggested-not-applied", columns) == [["cr-offence", "1", "3", "33.3 %"]])
        #expect(
            cells(lines, "applied-not-suggested", columns) == [
                ["pd-01", "3", "3", "100.0 %"], ["sc-health", "1", "3", "33.3 %"],
            ])
    }

    @Test("shares made under an agreement past its review are counted, and agreements overdue today are named")
    func agreements() throws {
        var context = scene.context
        context.agreements["tees-tier-2@2026-04"]?.reviewBy = try CalendarDate("2026-11-21")
        var quiet = AgreementFacts()
        quiet.reviewBy = try CalendarDate("2026-11-30")
        context.agreements["quiet@1"] = quiet
        let late = lines([try scene.row()], context)
        #expect(cells(late, "agreement-past-review", ["agreement", "count"]) == [["tees-tier-2@2026-04", "1"]])
        #expect(
            cells(late, "agreement-review-overdue", ["agreement", "since"]) == [["tees-tier-2@2026-04", "2026-11-21"]])
        context.agreements["tees-tier-2@2026-04"]?.reviewBy = try CalendarDate("2026-11-22")
        #expect(cells(lines([try scene.row()], context), "agreement-past-review", ["count"]).isEmpty)
    }

    @Test("with nothing to count the totals are still there, without rates")
    func empty() {
        let lines = lines([])
        #expect(cells(lines, "decisions", ["count"]) == [["0"]])
        #expect(cells(lines, "emergency", ["count", "of", "rate"]) == [["0", "0", ""]])
        #expect(cells(lines, "shared", ["count"]).isEmpty)
    }

    @Test("every line has the same columns")
    func columns() throws {
        let headers = Set(lines([try scene.row()]).map(\.csvHeader))
        #expect(headers == ["measure,category,recipient,purpose,agreement,count,of,rate,since"])
    }

    @Test("memory follows the distinct keys, not the rows")
    func bounded() throws {
        var report = CountsReport(scene.context)
        let row = try scene.row()
        for _ in 0..<20_000 { report.add(row) }
        #expect(report.lines.count < 20)
        #expect(cells(report.lines, "shared-files", ["count"]) == [["20000"]])
    }
}
