import Foundation
import Law
import Policy
import Testing
import Vocabulary

/// `Catalogue/cases.yaml` against the shipped catalogue and agreements.
@Suite struct CaseFileTests {
    @Test("policy says of each case what the file expects")
    func cases() throws {
        let (catalogue, agreements) = try Self.law()
        for policyCase in try Self.cases() {
            let mismatch = policyCase.run(catalogue: catalogue, agreements: agreements)
            #expect(mismatch == nil, "\(mismatch?.description ?? "")")
        }
    }

    @Test("there are more than 150 cases, and each rule speaks in one and is content in another")
    func covered() throws {
        let cases = try Self.cases()
        #expect(cases.count >= 150)
        let rules = Set(RuleBook.rules.map(\.id))
        let content = Set(cases.filter { $0.expected == .release }.flatMap(\.rules))
        let speaking = Set(cases.filter { $0.expected != .release }.flatMap(\.rules))
        #expect(rules.subtracting(speaking) == [])
        #expect(rules.subtracting(content) == [])
    }

    @Test("each finding is two plain sentences, and the second says what to do")
    func sentences() throws {
        let (catalogue, agreements) = try Self.law()
        for policyCase in try Self.cases() {
            let judged = try #require(policyCase.judged(catalogue: catalogue, agreements: agreements))
            for finding in judged.decision.findings { Self.check(finding) }
        }
    }

    @Test("every handling tag of the catalogue says in one plain sentence what to do")
    func tags() throws {
        let (catalogue, _) = try Self.law()
        for tag in catalogue.entries where tag.kind == .handlingTag {
            let fix = try #require(tag.facts.fix)
            Self.check(
                Finding(rule: "R-013", citation: tag.citation, found: "The file is marked \(tag.label).", fix: fix))
        }
    }

    @Test("a broken file of cases lists every mistake, and a broken label is no mistake of the file")
    func mistakes() throws {
        let (catalogue, _) = try Self.law()
        let reading = CaseFile.read(
            Array(
                """
                cases:
                  - case: "one"
                    on: 2026-02-30
                    from: hartlepool
                    to: Cleveland Police
                    route: strategy-meeting
                    label: { categorys: [pd-01] }
                    expect: maybe
                    rules: [R-02]
                  - case: "two"
                    on: 2026-11-22
                    from: hartlepool
                    to: cleveland-police
                    route: strategy-meeting
                    agreement: { without: [apd] }
                    expects: hold
                    rules: [R-020]
                    received-under: gdpr

                """.utf8), file: "cases.yaml", catalogue: catalogue)
        #expect(reading.value == nil)
        #expect(reading.problems.map(\.line) == [3, 5, 8, 9, 10, 15, 16, 18])
        #expect(reading.problems[3].hint == "did you mean \"R-002\"?")
    }

    @Test("two cases in the same words are one too many")
    func repeated() throws {
        let (catalogue, _) = try Self.law()
        let one = """
              - { case: "one", on: 2026-11-22, from: hartlepool, to: stockton, route: audit, expect: hold, rules: [R-001] }

            """
        let reading = CaseFile.read(Array("cases:\n\(one)\(one)".utf8), file: "c", catalogue: catalogue)
        #expect(reading.problems.map(\.what) == ["two cases have the same words"])
    }

    @Test("a case that policy does not bear out says what was expected, what came, and why")
    func mismatch() throws {
        let (catalogue, agreements) = try Self.law()
        let text = """
            cases:
              - { case: "no point", on: 2026-11-22, from: hartlepool, to: stockton, route: strategy-meeting,
                  label: { basis: { article-9: [] } }, expect: release, rules: [R-020] }
              - { case: "no route", on: 2026-11-22, from: hartlepool, to: stockton, route: gossip,
                  expect: hold, rules: [R-011] }
              - { case: "welfare", on: 2026-11-22, from: hartlepool, to: cleveland-police, route: strategy-meeting,
                  expect: release, rules: [R-020], received-under: dpa-part-3 }
            """
        let cases = try CaseFile.read(Array(text.utf8), file: "c", catalogue: catalogue).get()
        let said = cases.map { $0.run(catalogue: catalogue, agreements: agreements)?.description ?? "" }
        #expect(said[0].hasPrefix("line 2: no point: expected release [R-020], got hold [R-020]\n    R-020: "))
        #expect(said[1].hasSuffix("got no agreement has route gossip []"))
        #expect(said[2].hasSuffix("got release, received under uk-gdpr []"))
    }

    private static func law() throws -> (Catalogue, [Agreement]) {
        let agreements = try ["tees-tier-2.yaml", "tier-1.yaml"].map { try Shipped.agreement($0).get() }
        return (try Shipped.catalogue(), agreements)
    }

    private static func cases() throws -> [PolicyCase] {
        try CaseFile.read(
            try Shipped.bytes("../../Catalogue/cases.yaml"), file: "cases.yaml", catalogue: try Shipped.catalogue()
        ).get()
    }

    /// One sentence each, with verbs a person can follow, and not a list of ids.
    private static func check(_ finding: Finding) {
        let (found, fix) = (finding.found, finding.fix)
        #expect(found.hasSuffix("."), "\(found)")
        #expect(fix.hasSuffix(".") || fix.hasSuffix("?"), "\(fix)")
        #expect(!fix.dropLast().contains(". "), "\(fix)")
        #expect(words(fix) <= 35, "\(fix)")
        #expect(words(found) <= 45, "\(found)")
        #expect(words(found) >= 5 && words(fix) >= 3, "\(found) \(fix)")
        #expect([found, fix].allSatisfy { $0.first?.isUppercase ?? false }, "\(found) \(fix)")
        #expect(!found.contains("Optional") && !fix.contains("nil"))
        let ids = found.split(separator: " ").count { $0.contains(/\d/) && $0.contains("-") }
        #expect(ids * 2 < words(found), "\(found)")
        #expect(
            finding.citation.contains(/\d/) || ["ICO", "label"].contains { finding.citation.contains($0) },
            "\(finding.citation)")
    }

    private static func words(_ text: String) -> Int { text.split(separator: " ").count }
}

extension Decision {
    fileprivate var findings: [Finding] {
        switch self {
        case .release(let findings), .hold(let findings), .block(let findings): findings
        }
    }
}
