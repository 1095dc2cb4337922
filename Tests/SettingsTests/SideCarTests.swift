import Policy
import Settings
import Testing
import Vocabulary

@Suite struct SideCarTests {
    private func read(_ text: String) -> Reading<LabelOverride> {
        SideCarReader.read(Array(text.utf8), file: "side-car")
    }

    @Test("a side-car in YAML and the same in JSON say the same")
    func both() throws {
        let yaml = """
            purpose: pu-3.2
            categories: [pd-01, sc-health]
            basis: { article-9: [A9-2-h], schedule-1: [S1-2] }
            handling: { caveats: [safe-address] }
            subjects:
              - { ref: HC-2026-0017, role: child, informed: { status: exempt, ground: 14-5-f } }
            retention: { review-by: 2027-01-31 }
            emergency: { reason: "danger now" }

            """
        let json = """
            {"purpose": "pu-3.2", "categories": ["pd-01", "sc-health"], "handling": {"caveats": ["safe-address"]},
             "basis": {"article-9": ["A9-2-h"], "schedule-1": ["S1-2"]}, "emergency": {"reason": "danger now"},
             "subjects": [{"ref": "HC-2026-0017", "role": "child", "informed": {"status": "exempt", "ground": "14-5-f"}}],
             "retention": {"review-by": "2027-01-31"}}
            """
        let sideCar = try read(yaml).get()
        #expect(sideCar == (try read(json).get()))
        #expect(sideCar.subjects?.first?.informed?.ground == "14-5-f")
        #expect(sideCar.basis.article9 == ["A9-2-h"])
        #expect(sideCar.basis.article6 == nil)
        #expect(sideCar.reviewBy == (try CalendarDate("2027-01-31")))
    }

    @Test("unknown keys and wrong types are all reported, and no message quotes what a person wrote")
    func mistakes() {
        let reading = read(
            """
            purpos: pu-3.2
            categories: pd-01
            necessity: [Jane Doe]
            origin: hearsay by Jane Doe
            subjects:
              - { ref: Jane Doe, role: daughter }
              - Jane Doe
            basis: { article6: [A6-1-e] }
            emergency: true

            """)
        #expect(reading.value == nil)
        #expect(reading.problems.map(\.line) == [1, 2, 3, 4, 6, 6, 7, 8, 9])
        #expect(reading.problems.first?.hint == "did you mean \"purpose\"?")
        #expect(!reading.problems.contains { $0.description.contains("Jane") })
    }

    @Test("a case reference is never a sentence", arguments: ["Jane Doe", "", "a@b"])
    func reference(_ ref: String) {
        #expect(read("subjects: [{ ref: \"\(ref)\", role: child }]\n").value == nil)
    }
}
