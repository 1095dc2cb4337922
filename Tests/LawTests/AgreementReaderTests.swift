import Law
import Policy
import Testing
import Vocabulary

@Suite struct AgreementReaderTests {
    private func read(_ text: String) throws -> Reading<Agreement> {
        AgreementReader.read(
            Array(text.utf8), file: "a.yaml", sha256: try Shipped.digest(3), catalogue: try Shipped.catalogue())
    }

    @Test("a broken agreement lists every mistake with line and hint")
    func mistakes() throws {
        let reading = try read(
            """
            agreement: tees-tier-2
            version: "2026-04"
            valid: { from: 2026-02-30, review-by: soon }
            parties: [hartlepool, clevland-police, Not An Agency, hartlepool]
            purposes: [pu-3, pu-8]
            routes:
              strategy-meeting:
                purpose: pu-3.1
                categories: [pd-01, pd-99]
                basis: { article-6: [A6-1-z], gateways: [CA89-s47], reason: z }
                necessity: 12
                retention: { class: child-protection, review-after: 1 year }
              Urgent:
                purpose: pu-2
                categories: sc-health
                review-within: PT24H
              audit:
                purpose: pu-3
                categories: [pd-12]
                basis: { article-6: [A6-1-e] }
                necessity: "Text."
              audit:
                purpose: pu-3

            """)
        #expect(reading.value == nil)
        let found = reading.problems.map { "\($0.line) \($0.what)" }
        let expected = [
            (3, "\"valid.from\" must be a day"), (3, "\"valid.review-by\" must be a day"),
            (4, "party \"clevland-police\" is not"), (4, "\"parties\" must hold agency ids"),
            (4, "\"hartlepool\" stands twice"), (5, "\"purposes\" holds \"pu-8\""),
            (9, "\"routes.strategy-meeting.categories\" holds \"pd-99\""),
            (10, "\"routes.strategy-meeting.basis.article-6\" holds \"A6-1-z\""),
            (10, "\"routes.strategy-meeting.basis.gateways\" holds \"CA89-s47\""),
            (10, "\"routes.strategy-meeting.basis.reason\" must be one of a, b, c"),
            (11, "\"routes.strategy-meeting.necessity\" must be text"),
            (12, "\"routes.strategy-meeting.retention.review-after\" must be a period"),
            (13, "the name of a route becomes a folder"), (14, "\"routes.Urgent.purpose\" is \"pu-2\""),
            (15, "\"routes.Urgent.categories\" must be a list"), (14, "\"routes.Urgent.necessity\" is missing"),
            (14, "\"routes.Urgent.basis\" is missing"), (16, "\"routes.Urgent.review-within\" is for emergency"),
            (22, "key \"audit\" stands here again"),
        ]
        for (line, what) in expected {
            #expect(found.contains { $0.hasPrefix("\(line) \(what)") }, "\(line) \(what)")
        }
        #expect(found.count == expected.count, "\(found.joined(separator: "\n"))")
        let gateway = reading.problems.first { $0.what.contains("CA89-s47") }
        #expect(gateway?.hint == "did you mean \"CA89-47\"?")
    }

    @Test("a party that the catalogue does not know is a warning, and the agreement stands")
    func openWorld() throws {
        let reading = try read(
            "agreement: local\nversion: v1\nvalid: { from: 2026-04-01 }\nparties: [hartlepool, ofsted]\npurposes: [pu-3]\n"
        )
        #expect(reading.warnings.map(\.line) == [4])
        #expect(try reading.get().parties.map(\.id.text) == ["hartlepool", "ofsted"])
    }

    @Test("parties that join late and leave early are parties between those days only")
    func dated() throws {
        let agreement = try read(
            """
            agreement: local
            version: v1
            valid: { from: 2026-04-01, to: 2027-03-31 }
            parties:
              - { id: hartlepool, signed: 2026-05-01, left: 2026-06-30 }
            purposes: [pu-3]
            """
        ).get()
        let party = try #require(agreement.parties.first)
        #expect(
            try ["2026-04-30", "2026-05-01", "2026-06-30", "2026-07-01"].map { party.isParty(on: try CalendarDate($0)) }
                == [false, true, true, false])
        #expect(agreement.inForce(on: try CalendarDate("2027-03-31")))
        #expect(!agreement.inForce(on: try CalendarDate("2027-04-01")))
    }

    @Test("an agreement without its first lines says which are missing")
    func missing() throws {
        let reading = try read("routes: {}\n")
        #expect(
            Set(reading.problems.map(\.what)) == [
                "\"agreement\" is missing", "\"version\" is missing",
                "\"valid\" is missing", "\"parties\" is missing", "\"purposes\" is missing",
            ])
    }
}
