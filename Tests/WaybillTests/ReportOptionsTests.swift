import ArgumentParser
import Ledger
import Reports
import Testing
import Vocabulary

@testable import waybill

@Suite struct ReportOptionsTests {
    @Test("days are England's and taken in whole, over the changes of the clock")
    func days() throws {
        let options = try ReportOptions.parse(["--from", "2026-07-01", "--to", "2026-10-25"])
        #expect(options.period.filter.since?.description == "2026-06-30T23:00:00.000Z")
        #expect(options.period.filter.until?.description == "2026-10-26T00:00:00.000Z")
        #expect(options.period.filter.direction == nil)
    }

    @Test(
        "a period that ends before it begins, two forms at once and an unknown use are refused",
        arguments: [
            ["--to", "2026-06-30"], ["--to", "2026-07-02", "--json", "--csv"],
            ["--to", "2026-07-02", "--use", "curiosity"], [],
        ])
    func refused(_ more: [String]) {
        #expect(throws: (any Error).self) { try ReportOptions.parse(["--from", "2026-07-01"] + more) }
    }

    @Test("the four uses of s.62(4) are known", arguments: LogUse.allCases)
    func uses(_ use: LogUse) throws {
        #expect(
            try ReportOptions.parse(["--from", "2026-07-01", "--to", "2026-07-01", "--use", use.rawValue]).use == use)
    }

    @Test(
        "the name of a column is read as words",
        arguments: [
            ("lawfulBasis", "lawful basis"), ("dpia", "DPIA"), ("article6", "article 6"), ("section35", "section 35"),
            ("state", "state"), ("part3Provisions", "Part 3 provisions"),
        ])
    func columns(_ name: String, _ words: String) {
        #expect(ColumnName.words(name) == words)
    }
}

@Suite struct RecordFieldsTests {
    private func record() throws -> ConsignmentRecord {
        ConsignmentRecord(
            key: ConsignmentKey(.sent, try AgencyID("tewv"), .make(at: Instant(seconds: 1))), state: .delivered,
            route: try RouteName("early-help"), name: "a.txt")
    }

    @Test("each field of the list has a value, and the new ones stand behind the old")
    func names() throws {
        let fields = RecordFields(record: try record())
        #expect(fields.members.count == RecordFields.names.count && fields.cells.count == RecordFields.names.count)
        #expect(RecordFields.names.suffix(5) == ["regime", "emergency", "decidedBy", "supersedes", "erasedAt"])
        #expect(fields.cells.suffix(5) == ["", "no", "", "", ""])
        let line = JSONText.object(fields.members).line
        #expect(line.hasSuffix(#""regime":null,"emergency":false,"decidedBy":null,"supersedes":null,"erasedAt":null}"#))
    }

    @Test("regime, emergency, who decided and what is replaced are told")
    func told() throws {
        var record = try record()
        let old = ConsignmentID.make(at: Instant(seconds: 2))
        (record.regime, record.isEmergency, record.decidedBy, record.supersedes) = (
            "dpa-part-3", true, "person:jane", old
        )
        #expect(RecordFields(record: record).cells.suffix(5) == ["dpa-part-3", "yes", "person:jane", old.text, ""])
    }

    @Test("an erased row says in place of its name when that was")
    func erased() throws {
        var record = try record()
        (record.name, record.erasedAt) = (nil, try Instant("2026-05-03T23:30:00.000Z"))
        // Midnight has passed in England.
        #expect(RecordFields(record: record).row.last == "(erased on 2026-05-04)")
        #expect(RecordFields(record: record).cells.last == "2026-05-03T23:30:00.000Z")
    }
}
