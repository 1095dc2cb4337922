import Ledger
import Reports
import Testing
import Vocabulary

@Suite struct LogUseTests {
    private let scene: Scene
    private let rows: [ReportRow]

    init() throws {
        scene = try Scene()
        rows = [
            try scene.row(), try scene.row(regime: "dpa-part-3", label: scene.lawEnforcement),
            try scene.row(regime: "dpa-part-3"), try scene.row(.received, regime: "dpa-part-3"),
        ]
    }

    private func context(_ use: LogUse?) -> ReportContext {
        var context = scene.context
        context.use = use
        return context
    }

    @Test("the four uses are those of the Act")
    func uses() {
        let words = LogUse.allCases.map(\.rawValue)
        #expect(words == ["lawfulness", "self-monitoring", "integrity-security", "criminal-proceedings"])
        #expect(LogUse(rawValue: "performance") == nil)
    }

    @Test("without a stated use every report leaves rows under Part 3 out and says how many")
    func leftOut() throws {
        var (sharing, file) = (SharingReport(context(nil)), SubjectFile(reference: "case-1", context(nil)))
        var (processing, counts) = (ProcessingReport(context(nil)), CountsReport(context(nil)))
        let (shared, found) = (rows.compactMap { sharing.line($0) }, rows.compactMap { file.line($0) })
        #expect(shared.count == 1 && found.count == 1)
        for row in rows {
            processing.add(row)
            counts.add(row)
        }
        #expect(processing.lines.count == 1)
        #expect(counts.lines.contains { $0["measure"].plain == "shared-files" && $0["count"] == .number(1) })
        #expect([sharing.gate.leftOut, counts.gate.leftOut] == [2, 2])
        #expect([file.gate.leftOut, processing.gate.leftOut] == [3, 3])
    }

    @Test("what was left out is told with the law and the way to include it")
    func words() throws {
        var report = SharingReport(context(nil))
        #expect(report.gate.words == nil)
        _ = report.line(rows[1])
        let words = try #require(report.gate.words)
        #expect(words.hasPrefix("1 row is left out"))
        #expect(words.contains("DPA 2018 s.62(4)"))
        #expect(words.contains("--use: lawfulness, self-monitoring, integrity-security, criminal-proceedings"))
        _ = report.line(rows[2])
        #expect(report.gate.words?.hasPrefix("2 rows are left out") ?? false)
    }

    @Test("with a stated use they are in, and marked with it", arguments: LogUse.allCases)
    func stated(_ use: LogUse) throws {
        var (sharing, file) = (SharingReport(context(use)), SubjectFile(reference: "case-1", context(use)))
        var (processing, counts) = (ProcessingReport(context(use)), CountsReport(context(use)))
        let marks = rows.compactMap { sharing.line($0)?["use"].plain }
        #expect(marks == ["", "s.62(4): \(use.rawValue)", "s.62(4): \(use.rawValue)"])
        let found = rows.compactMap { file.line($0) }
        #expect(found.count == 4)
        for row in rows {
            processing.add(row)
            counts.add(row)
        }
        #expect(processing.lines.map { $0["use"].plain }.filter { $0.isEmpty }.count == 1)
        #expect(processing.lines.count == 3)
        #expect(counts.lines.contains { $0["measure"].plain == "shared-files" && $0["count"] == .number(3) })
        #expect(sharing.gate.words == nil && processing.gate.words == nil)
    }

    @Test("our own regime counts: what the sender processed under Part 3 and we do not is in")
    func ours() throws {
        var file = SubjectFile(reference: "case-1", context(nil))
        let row = try scene.row(.received, regime: "uk-gdpr", label: scene.lawEnforcement)
        let line = file.line(row)
        #expect(line?["regime"].plain == "uk-gdpr")
        // A row that does not say is judged by its label.
        let (theirs, ours) = (try scene.row(regime: "", label: scene.lawEnforcement), try scene.row(regime: ""))
        let lines = [file.line(theirs) == nil, file.line(ours) == nil]
        #expect(lines == [true, false])
    }
}
