import Ledger
import Reports
import Testing
import Vocabulary

@Suite struct SubjectFileTests {
    private let scene: Scene

    init() throws { scene = try Scene() }

    private func told(_ row: ReportRow) throws -> ReportLine {
        var file = SubjectFile(reference: "case-1", scene.context)
        let line = file.line(row)
        return try #require(line)
    }

    static let columns: [(String, String)] = [
        ("direction", "sent"), ("from", "hartlepool"), ("to", "cleveland-police"), ("state", "delivered"),
        ("claimedAt", "2026-11-22T09:00:00.000Z"), ("sentAt", "2026-11-22T09:00:01.000Z"),
        ("deliveredAt", "2026-11-22T09:00:05.000Z"), ("purpose", "pu-3.1"), ("categories", "pd-01; sc-health"),
        ("role", "child"), ("informed", "not informed"), ("origin", "record"),
        ("retention", "child-protection, review by 2027-11-22"), ("regime", "uk-gdpr"), ("use", ""),
        ("basis", "A6-1-e"), ("gateways", "CA89-47"), ("conditions", "A9-2-g; S1-18"),
        ("agreement", "tees-tier-2@2026-04"), ("catalogue", "2026-11-22"), ("decision", "released"),
        ("decidedBy", "route"),
        ("findings", ""), ("openDuties", ""), ("incidents", ""), ("supersedes", ""), ("supersededBy", ""),
    ]

    @Test("a file that was sent is told whole", arguments: columns)
    func sent(_ name: String, _ value: String) throws {
        #expect(try told(try scene.row())[name].plain == value)
    }

    @Test("a file that was received names its sender, and what is owed")
    func received() throws {
        var row = try scene.row(.received)
        var closed = try scene.duty(.notice, row, subject: "case-1")
        closed.close(at: closed.openedAt, by: "daemon", ground: "14-5-a")
        var deferred = try scene.duty(.notice, row, subject: "case-1")
        deferred.state = .deferred
        deferred.deferredUntil = try Instant("2027-02-01T00:00:00.000Z")
        let mine = try scene.duty(.notice, row, subject: "case-1")
        let others = try scene.duty(.notice, row, subject: "case-2")
        let incident = try scene.duty(.incident, row)
        row.duties = [closed, deferred, mine, others, incident]
        let line = try told(row)
        #expect(line["from"].plain == "cleveland-police" && line["to"].plain == "hartlepool")
        #expect(
            line["openDuties"]
                == .texts([
                    "notice \(deferred.id) deferred until 2027-02-01", "notice \(mine.id) due 2026-12-22",
                    "incident \(incident.id) due 2026-12-22",
                ]))
        #expect(line["incidents"] == .texts([incident.id.text]))
    }

    @Test("what the recipient has said since is told; the daemon's errands are nothing that is owed to the person")
    func recipientSays() throws {
        var row = try scene.row()
        let (us, them) = (try AgencyID("hartlepool"), try AgencyID("cleveland-police"))
        let pin = try Digest(Array(repeating: 7, count: 32))
        let parties = Parties(from: us, to: them, fromIdentity: pin, toIdentity: pin)
        let at = try Instant("2026-11-23T09:00:00.000Z")
        func said(_ kind: LaterStatement.Kind, _ because: String, _ moment: Instant? = nil) -> LaterStatement {
            LaterStatement(
                kind, consignment: row.record.key.id, waybill: pin, parties: parties, because: because, moment: moment,
                signedAt: at)
        }
        row.later = [said(.handover, "moved", at), said(.recall, "Wrong family."), said(.destroyed, "Deleted.")]
        row.duties = [try scene.duty(.collection, row), try scene.duty(.news, row)]
        let line = try told(row)
        #expect(line["recipientSays"] == .texts(["collected 2026-11-23 (moved)", "destroyed 2026-11-23"]))
        #expect(line["openDuties"] == .texts([]))
    }

    @Test("versions are told both ways")
    func versions() throws {
        let (old, new) = (ConsignmentID.make(at: Instant(seconds: 1)), ConsignmentID.make(at: Instant(seconds: 2)))
        let plain = try scene.row()
        var record = plain.record
        record.supersedes = old
        var row = ReportRow(record: record, waybill: plain.waybill, decision: plain.decision)
        row.supersededBy = [new]
        let line = try told(row)
        #expect(line["supersedes"].plain == old.text)
        #expect(line["supersededBy"].plain == new.text)
    }

    @Test("a row about somebody else is not here, nor counted as left out")
    func stranger() throws {
        var file = SubjectFile(reference: "case-9", scene.context)
        let lines = [file.line(try scene.row()), file.line(try scene.row(regime: "dpa-part-3"))]
        #expect(lines == [nil, nil])
        #expect(file.gate.leftOut == 0)
    }

    @Test("once the label is erased the record still answers")
    func erased() throws {
        let whole = try scene.row()
        var record = whole.record
        record.basis = ["A6-1-e", "CA89-47"]
        let line = try told(ReportRow(record: record, decision: whole.decision))
        #expect(line["basis"].plain == "A6-1-e; CA89-47")
        #expect(line["categories"].plain == "pd-01; sc-health")
        #expect(line["catalogue"] == .none)
    }

    @Test("before an answer: other people, health opinions and handling are pointed out")
    func beforeAnswering() throws {
        var label = scene.label
        label.subjects.append(.init(ref: "case-2", role: "parent"))
        label.handling.caveats = ["safe-address"]
        let checks = try told(try scene.row(label: label))["beforeAnswering"].plain
        #expect(checks.contains("Sch 2 para 16") && checks.contains("Sch 3 para 6") && checks.contains("safe-address"))
        #expect(!checks.contains("case-2"))
        label = scene.label
        label.categories = ["pd-01"]
        #expect(try told(try scene.row(label: label))["beforeAnswering"].plain.isEmpty)
    }

    @Test("what the sender said of accuracy stands beside the file")
    func accuracy() throws {
        var label = scene.label
        (label.asOf, label.nature, label.accuracy) = (try CalendarDate("2026-11-01"), "opinion", "second hand")
        let line = try told(try scene.row(label: label))
        #expect(["asOf", "nature", "accuracy"].map { line[$0].plain } == ["2026-11-01", "opinion", "second hand"])
    }

    @Test("names of files are shown only where the reader asks")
    func names() throws {
        let row = try scene.row()
        #expect(!(try told(row).csv.contains("Jane")))
        var context = scene.context
        context.withNames = true
        var file = SubjectFile(reference: "case-1", context)
        let line = file.line(row)
        #expect(line?["name"].plain == "Jane Roe.pdf")
    }
}
