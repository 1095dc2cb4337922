import Law
import Policy
import Testing
import Vocabulary

@Suite struct SideCarTests {
    private func read(_ text: String) -> Reading<LabelOverride> {
        SideCarReader.read(Array(text.utf8), file: "side-car")
    }

    private func readKnowing(_ text: String) throws -> Reading<LabelOverride> {
        SideCarReader.read(Array(text.utf8), file: "side-car", catalogue: try Shipped.catalogue())
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

    @Test("every field of a label that a person may set has its key")
    func everyKey() throws {
        let sideCar = try readKnowing(
            """
            as-of: 2026-11-20
            nature: opinion
            accuracy: "Seen by the health visitor."
            collection: { purpose: pu-2, compatibility: "The audit found that one child is at risk." }
            attestation: { principles: [lawfulness, minimisation], because: "The location shows where the child is." }
            basis:
              confidentiality: duty-of-confidentiality
              consent: "signed form; withdrawn by a call"
              incapacity: legally
              request: "HBC request 2026-118"
              transfer: TR-45A
              authority: "order of the court"
              reason: c
            subjects:
              - { ref: HC-1, role: adult-at-risk, informed: { status: yes, on: 2026-11-19 } }

            """
        ).get()
        #expect(sideCar.asOf == (try CalendarDate("2026-11-20")))
        #expect(sideCar.nature == "opinion")
        #expect(sideCar.collection?.purpose == "pu-2")
        #expect(sideCar.attestation?.principles == ["lawfulness", "minimisation"])
        let basis = sideCar.basis
        #expect(basis.confidentiality == "duty-of-confidentiality")
        #expect(basis.consent == "signed form; withdrawn by a call")
        #expect(basis.incapacity == "legally")
        #expect(basis.request == "HBC request 2026-118")
        #expect(basis.transfer == "TR-45A")
        #expect(basis.authority == "order of the court")
        #expect(sideCar.subjects?.first?.role == "adult-at-risk")
        let police = try readKnowing("basis: { regime: dpa-part-3, law-enforcement: le-detection }\n").get()
        #expect(police.basis.lawEnforcement == "le-detection")
    }

    @Test("what contradicts itself is an error in its line, with the way out")
    func contradictions() throws {
        let reading = try readKnowing(
            """
            categories: [pd-01, sc-health, pd-01]
            basis:
              article-9: []
            handling: { caveats: [safe-address, safe-address] }
            emergency: { reason: " " }
            subjects:
              - { ref: HC-1, role: daughter }
              - { ref: HC-2, role: child, informed: { status: yes } }
              - { ref: HC-3, role: child, informed: { status: no, on: 2026-11-19 } }
            attestation: { principles: [kindness], because: "The location shows it." }

            """)
        #expect(reading.value == nil)
        #expect(reading.problems.map(\.line) == [1, 1, 4, 5, 7, 8, 9, 10])
        #expect(reading.problems.allSatisfy { !$0.hint.isEmpty || $0.what.contains("must be one of") })
        #expect(reading.problems[1].hint == "name an Article 9 point such as A9-2-g, or take the category out")
    }

    @Test("the tags of one regime beside the other are refused")
    func regimes() throws {
        let part3 = try readKnowing(
            """
            basis:
              regime: dpa-part-3
              article-6: [A6-1-e]
              article-9: [A9-2-g]
              schedule-1: [S1-18]

            """)
        #expect(part3.problems.map(\.line) == [3, 4, 5])
        let ukGDPR = try readKnowing(
            """
            basis:
              regime: uk-gdpr
              schedule-8: [S8-4]
              law-enforcement: le-detection

            """)
        #expect(ukGDPR.problems.map(\.line) == [3, 4])
        #expect(try readKnowing("basis: { regime: dpa-part-3, article-9: [] }\n").get().basis.article9 == [])
    }

    @Test(
        "an id that no list holds is found in its line, with the nearest that one does",
        arguments: [
            ("purpose: pu-3,1", "pu-3.1", false), ("purpose: pu_3.1", "pu-3.1", true),
            ("categories: [sc-heath]", "sc-health", true), ("basis: { gateways: [CA89-s47] }", "CA89-47", true),
            ("basis: { article-9: [A9-2h] }", "A9-2-h", true), ("basis: { transfer: TR45A }", "TR-45A", true),
            ("basis: { law-enforcement: le-detecting }", "le-detection", true),
        ])
    func nearest(_ line: String, _ meant: String, _ isID: Bool) throws {
        let reading = try readKnowing("origin: record\n\(line)\n")
        #expect(reading.value == nil)
        #expect(reading.problems.map(\.line) == [2])
        #expect((reading.problems.first?.hint == "did you mean \"\(meant)\"?") == isID)
    }

    @Test("without a catalogue the rules judge the words, and the side-car is read")
    func withoutCatalogue() throws {
        #expect(try read("categories: [sc-heath]\n").get().categories == ["sc-heath"])
    }

    @Test("a person's own caveat is read, because it may travel")
    func ownCaveat() throws {
        #expect(try readKnowing("handling: { caveats: [paper-copy-only] }\n").get().caveats == ["paper-copy-only"])
    }

    @Test("what is wrong with a side-car becomes findings in sentences")
    func findings() throws {
        let findings = try readKnowing("categories: [sc-heath]\nnature: hearsay\n").findings
        #expect(findings.map(\.rule) == ["R-000", "R-000"])
        #expect(findings.map(\.found).allSatisfy { $0.hasPrefix("Line ") && $0.hasSuffix(".") })
        #expect(findings.map(\.fix) == ["Did you mean \"sc-health\"?", "Mend the line and save the label file again."])
    }

    @Test("a case reference is never a sentence", arguments: ["Jane Doe", "", "a@b"])
    func reference(_ ref: String) {
        #expect(read("subjects: [{ ref: \"\(ref)\", role: child }]\n").value == nil)
    }

    /// Each costs a reading of the whole: a label of 64 KiB that repeats one key took 9 s of a processor.
    @Test("repeated keys are told one by one in what people write, and three at most in what nobody does")
    func repeatedKeys() {
        let short = read(String(repeating: "nature: fact\n", count: 9))
        #expect(short.value == nil && short.problems.count == 8)
        let long = read(String(repeating: "nature: fact\n", count: 5000))
        #expect(long.value == nil && (1...3).contains(long.problems.count))
    }
}
