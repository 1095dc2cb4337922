import Law
import Policy
import Testing
import Vocabulary

@Suite struct AgreementMistakesTests {
    private func read(_ text: String) throws -> Reading<Agreement> {
        AgreementReader.read(
            Array(text.utf8), file: "broken.yaml", sha256: try Shipped.digest(3), catalogue: try Shipped.catalogue())
    }

    @Test("a file with forty different mistakes lists every one with its line, and nothing else")
    func all() throws {
        let reading = try read(Self.broken)
        #expect(reading.value == nil)
        let found = reading.problems.map { "\($0.line) \($0.severity == .warning ? "warning: " : "")\($0.what)" }
        for line in Self.mistakes { #expect(found.contains { $0.hasPrefix(line) }, "\(line)") }
        #expect(found.count == Self.mistakes.count, "\(found.joined(separator: "\n"))")
        #expect(reading.problems.allSatisfy { !$0.hint.isEmpty || $0.what.contains("must be one of") })
    }

    private static let broken = """
        agreement: local-tier-2
        version: [1]
        title: 12
        under: local-tier-2
        titel: Local
        valid: { from: 2026-04-01, to: 2026-03-31, review-by: 2026-02-01, until: 2027-01-01 }
        parties:
          - hartlepool
          - hartlepool
          - nps
          - { id: dtv-crc, left: 2022-01-01 }
          - { id: tewv, signed: 2026-06-01, left: 2026-05-31 }
          - { id: clevland-police, signd: 2026-06-01 }
          - { signed: 2026-06-01 }
          - Ofsted
        purposes: [pu-3, pu-3, pu-99]
        appropriate-policy-document: { sha256: abc, review-by: 2026-13-01 }
        dpia: { review-by: never, owner: x }
        routes:
          meeting:
            purpose: pu-3.11
            categories: [pd-1, "pd 02"]
            basis: { regime: eu-gdpr, article-9: [A9-2-z], schedule-1: [S1-5] }
            necessity: "Text."
            origin: rumour
            emergency: maybe
            subjects: some
            content-check: loud
            retention: { review-after: P1X }
            handling: { classification: SECRET }
          Big Meeting:
            purpose: pu-4
            categories: [pd-12]
            basis: none
            necessity: "Text."
          intelligence:
            purpose: pu-3.1
            categories: [pd-12]
            basis: { regime: dpa-part-3, gateways: [CA89-47], schedule-8: [S8-10] }
            necessity: "Text."

        """

    private static let mistakes = [
        "2 \"version\" must be an id", "3 \"title\" must be text", "4 agreement \"local-tier-2\" stands under itself",
        "5 unknown key \"titel\"", "6 \"valid.to\" lies before \"valid.from\"",
        "6 \"valid.review-by\" lies before \"valid.from\"", "6 unknown key \"until\" in \"valid\"",
        "9 \"hartlepool\" stands twice in parties", "10 warning: party \"nps\" ended on 2021-06-25",
        "11 warning: party \"dtv-crc\" ended on 2021-06-25", "12 \"parties.left\" lies before \"parties.signed\"",
        "13 unknown key \"signd\" in \"parties\"", "13 warning: party \"clevland-police\" is not an organisation",
        "14 \"parties.id\" is missing", "15 \"parties\" must hold agency ids", "16 \"purposes\" holds \"pu-3\" twice",
        "16 \"purposes\" holds \"pu-99\"", "17 \"appropriate-policy-document.id\" is missing",
        "17 \"appropriate-policy-document.sha256\" must be a SHA-256 digest",
        "17 \"appropriate-policy-document.review-by\" must be a day", "18 \"dpia.id\" is missing",
        "18 \"dpia.review-by\" must be a day", "18 unknown key \"owner\" in \"dpia\"",
        "21 \"routes.meeting.purpose\" holds \"pu-3.11\"", "22 \"routes.meeting.categories\" holds \"pd-1\"",
        "22 \"routes.meeting.categories\" must hold ids", "23 \"routes.meeting.basis.regime\" must be one of",
        "23 \"routes.meeting.basis.article-9\" holds \"A9-2-z\"",
        "23 \"routes.meeting.basis.schedule-1\" holds \"S1-5\"",
        "25 \"routes.meeting.origin\" must be one of",
        "26 \"routes.meeting.emergency\" must be true or false", "27 \"routes.meeting.subjects\" must be one of",
        "28 \"routes.meeting.content-check\" must be one of", "29 \"routes.meeting.retention.class\" is missing",
        "29 \"routes.meeting.retention.review-after\" must be a period",
        "30 \"routes.meeting.handling.classification\" must be one of", "31 the name of a route becomes a folder",
        "32 \"routes.Big Meeting.purpose\" is \"pu-4\"", "34 \"routes.Big Meeting.basis\" must be a group of keys",
        "39 \"routes.intelligence.basis.schedule-8\" holds \"S8-10\"",
    ]

    @Test("a review after the last day is a warning")
    func lateReview() throws {
        let reading = try read(
            """
            agreement: local
            version: v1
            valid: { from: 2026-04-01, to: 2026-12-31, review-by: 2027-01-01 }
            parties: [hartlepool]
            purposes: [pu-3]
            """)
        #expect(reading.value != nil)
        #expect(reading.problems.map(\.description).count == 1)
        #expect(reading.warnings.first?.line == 3)
    }

    @Test("one that left and came back is one party in two rows")
    func returned() throws {
        let agreement = try read(
            """
            agreement: local
            version: v1
            valid: { from: 2026-04-01 }
            parties: [{ id: tewv, left: 2026-05-31 }, { id: tewv, signed: 2026-08-01 }]
            purposes: [pu-3]
            dpia: { id: dpia-7, review-by: 2027-01-31 }
            """
        ).get()
        #expect(agreement.parties.count == 2)
        #expect(agreement.dpia == Agreement.Assessment(id: "dpia-7", reviewBy: try CalendarDate("2027-01-31")))
    }
}
