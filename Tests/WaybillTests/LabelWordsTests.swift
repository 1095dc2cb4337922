import Exchange
import Inspection
import Policy
import Reports
import Testing
import Vocabulary

@testable import waybill

@Suite struct LabelWordsTests {
    private let day: CalendarDate

    init() throws { day = try CalendarDate("2026-11-22") }

    private func lines(_ change: (inout Label) throws -> Void) throws -> [String] {
        var label = try Story().label
        try change(&label)
        return LabelWords(label, try LawAtHand.shippedCatalogue(), on: day).facts.lines()
    }

    @Test("every field that a side-car may set is told")
    func fields() throws {
        let lines = try lines { label in
            label.asOf = try CalendarDate("2026-11-20")
            label.nature = "opinion"
            label.collection = .init(purpose: "pu-3.2", compatibility: "same child")
            label.attestation = .init(principles: ["fairness", "accuracy"], because: "needed")
            label.suggested = ["sc-health"]
            (label.basis.authority, label.basis.consent) = ("order 7", "form 3")
            (label.basis.confidentiality, label.basis.incapacity) = ("health-professional", "physically")
            label.basis.request = "req-9"
        }
        let expected: [(String, String)] = [
            ("as of", "2026-11-20"), ("nature", "opinion"), ("attested", "fairness, accuracy: needed"),
            ("authority", "order 7"), ("consent", "form 3"), ("confidentiality", "health-professional"),
            ("cannot consent", "physically"), ("request", "req-9"),
        ]
        for (name, value) in expected {
            #expect(lines.contains { $0.hasPrefix("  \(name) ") && $0.hasSuffix("  \(value)") }, "\(name)")
        }
        #expect(lines.contains { $0.hasPrefix("  suggested ") && $0.hasSuffix("(sc-health)") })
        #expect(lines.contains { $0.hasPrefix("  collected for ") && $0.hasSuffix("(pu-3.2): same child") })
    }

    @Test(
        "who the file is about is told with what the sender says of telling them",
        arguments: [
            (nil, "child case-1"), (.init(status: "no"), "child case-1, not told"),
            (.init(status: "yes"), "child case-1, told"),
            (.init(status: "exempt", ground: "S2-2"), "child case-1, not told, exempt (S2-2)"),
        ] as [(Label.Informed?, String)])
    func informed(_ informed: Label.Informed?, _ words: String) throws {
        let lines = try lines { $0.subjects = [.init(ref: "case-1", role: "child", informed: informed)] }
        #expect(lines.contains { $0.hasPrefix("  about ") && $0.hasSuffix("  \(words)") })
    }

    @Test("law enforcement is told by its name, and so is the law")
    func part3() throws {
        let lines = try lines { label in
            label.basis.regime = "dpa-part-3"
            label.basis.lawEnforcement = "no-such-purpose"
        }
        #expect(lines.contains { $0.hasPrefix("  under ") && $0.contains("Part 3") })
        #expect(lines.contains { $0.hasPrefix("  law enforcement ") && $0.hasSuffix("no-such-purpose") })
    }

    @Test("fields stand by whose they are, the route's first")
    func origins() {
        let origins = LabelOrigins([
            "purpose": "route", "categories": "side-car", "basis.article9": "side-car", "decidedBy": "person:jane",
            "route": "route",
        ])
        #expect(
            origins.facts.lines() == [
                "  route        purpose, route", "  person:jane  decidedBy",
                "  side-car     basis.article9, categories",
            ])
        #expect(origins.json.line.hasPrefix(#"{"basis.article9":"side-car","categories":"side-car""#))
    }

    @Test("what is suggested is nobody's word but the content's")
    func suggesting() {
        let origins = LabelOrigins(["purpose": "route", "suggested": "route"])
        #expect(origins.suggesting(true).facts.lines() == ["  route    purpose", "  content  suggested"])
        #expect(origins.suggesting(false).facts.lines() == ["  route  purpose, suggested"])
    }

    @Test(
        "a ground of Article 14 says in options what it needs",
        arguments: [
            (false, ["gateway"], "close only; needs --gateway"),
            (true, ["prejudice", "reason"], "defer only; needs --because"),
            (false, ["reason", "public-notice"], "close only; needs --because, --public-notice"),
            (false, [], "close only; needs --because"),
        ] as [(Bool, [String], String)])
    func grounds(_ isTemporary: Bool, _ needs: [String], _ words: String) {
        var facts = CatalogueEntry.Facts()
        (facts.temporary, facts.needs) = (isTemporary, needs)
        #expect(GroundWords.of(facts) == words)
    }

    @Test("each ground of the shipped catalogue asks only for what there is an option for")
    func options() throws {
        let known = [
            "date", "channel", "notice-version", "gateway", "duty", "reference", "function", "public-notice",
            "sender-informed", "sender-exempt", "reason", "prejudice",
        ]
        let grounds = try LawAtHand.shippedCatalogue().entries.filter { $0.kind == .article14Ground }
        #expect(!grounds.isEmpty && grounds.allSatisfy { Set($0.facts.needs).isSubset(of: known) })
    }

    @Test("a look into the content is told in kinds and counts")
    func inspection() {
        let find = Inspection.Find(kind: "nhs-number", category: "sc-health", confidence: .high, count: 2)
        let checked = Inspection(.checked, finds: [find], suggested: ["sc-health"])
        #expect(InspectionWords.of(checked.json) == "suggests sc-health (nhs-number 2)")
        #expect(InspectionWords.of(Inspection(.checked).json) == "suggests nothing")
        #expect(InspectionWords.of(Inspection(.notChecked("no words")).json) == "not checked: no words")
        #expect(
            InspectionWords.of(Inspection(.partly("too long"), finds: [find]).json)
                == "read in part (too long); suggests nothing (nhs-number 2)")
        #expect(FileEnding.of("a.b.PDF") == "pdf" && FileEnding.of("none") == "")
    }

    @Test("a decision not to share tells why, who and the test of the Act")
    func rejection() throws {
        var decision = DecisionFacts(.rejected, by: "person:jane", because: "no need")
        let without = RejectionWords(decision, nil).facts.lines()
        #expect(without.contains("  because  no need") && without.contains("  by       person:jane"))
        #expect(without.contains("  test     Children Act 2004 s.16LA(3): not recorded"))
        decision.because = nil
        decision.detriment = "it would harm"
        let with = RejectionWords(decision, "kept reason").facts.lines()
        #expect(with.contains("  because  kept reason"))
        #expect(with.contains("  test     Children Act 2004 s.16LA(3): it would harm"))
    }
}
