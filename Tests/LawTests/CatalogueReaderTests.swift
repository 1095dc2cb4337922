import Foundation
import Law
import Policy
import Testing
import Vocabulary

@Suite struct CatalogueReaderTests {
    private func read(_ text: String) throws -> Reading<Catalogue> {
        CatalogueReader.read(Array(text.utf8), file: "c.yaml", sha256: try Shipped.digest(1))
    }

    private static let slips = [
        ("id: pd-02,", "id: pd-01,", "\"pd-01\" stands twice in personal-categories for the same days"),
        (
            "parent: pu-3, label: \"Protecting", "parent: pu-33, label: \"Protecting",
            "\"pu-3.1\" is part of \"pu-33\", which is not in the list"
        ),
        (
            "successor: nenc-icb", "successor: nenc-icp",
            "\"tees-valley-ccg\" names \"nenc-icp\", which is not among the organisations"
        ),
        (
            "hosted-by: [middlesbrough, redcar, nenc-icb, cleveland-police]", "hosted-by: []",
            "\"stscp\" is an arrangement"
        ),
        (
            "predecessors: [nps, dtv-crc]", "predecessors: [nps]",
            "\"probation-service\" succeeds \"dtv-crc\" and does not name it"
        ),
        ("- { id: nenc-icb, from: 2022-07-01 }", "- { id: nenc-icb, since: 2022-07-01 }", "unknown key \"since\""),
        ("note: \"0-19 services\"", "country: gb", "\"organisations[19].country\" must be a country"),
        ("  - 2026-12-28", "  - 2026-12-26", "2026-12-26 is a Saturday or Sunday"),
        ("  - 2027-12-28", "  - 2027-12-27", "2027-12-27 stands twice in bank-holidays"),
        ("  - 2028-12-26", "  - 2028-12-32", "\"bank-holidays\" must hold days"),
        ("touches: [ico]", "touches: [icon]", "\"lc-2026-09-30\" touches \"icon\", which is not in the catalogue"),
        (
            "status: current\n    section-11-limb: h", "status: fine\n    section-11-limb: h",
            "\"organisations[10].status\" must be"
        ),
    ]

    @Test("a broken catalogue lists every mistake")
    func mistakes() throws {
        var text = try Shipped.text("../../Catalogue/catalogue-2026-11-30.yaml")
        for (right, wrong, _) in Self.slips {
            #expect(text.components(separatedBy: right).count == 2, "\(right)")
            text = text.replacingOccurrences(of: right, with: wrong)
        }
        text = text.replacingOccurrences(of: "{ id: R-020,", with: "{ id: R-999,")
        let found = try read(text).problems.map(\.what)
        for (_, _, what) in Self.slips { #expect(found.contains { $0.hasPrefix(what) }, "\(what)") }
        #expect(found.contains("rule \"R-020\" is missing from \"rules\""))
        #expect(found.contains("rule \"R-999\" is not one that this version can decide"))
        // The successor that is misspelt no longer answers its predecessor.
        #expect(found.contains { $0.hasPrefix("\"nenc-icb\" takes over from \"tees-valley-ccg\"") })
        #expect(found.count == Self.slips.count + 3, "\(found.joined(separator: "\n"))")
    }

    @Test("a mistake in an organisation or a word is told at its own line")
    func lines() throws {
        let text = try Shipped.text("../../Catalogue/catalogue-2026-11-30.yaml")
            .replacingOccurrences(of: "predecessors: [nps, dtv-crc]", with: "predecessors: [nps, dtv-crc, hmps]")
            .replacingOccurrences(of: "parent: pu-3, label: \"Protecting", with: "parent: pu-33, label: \"Protecting")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let expected = [
            lines.firstIndex { $0.contains("predecessors: [nps") }, lines.firstIndex { $0.contains("parent: pu-33") },
        ]
        #expect(try read(text).problems.map { $0.line - 1 } == expected.compactMap(\.self))
    }

    @Test("a rule stands once for a day, and may change from one day to the next")
    func rules() throws {
        let text = try Shipped.text("../../Catalogue/catalogue-2026-11-30.yaml")
        let row = try #require(text.split(separator: "\n").first { $0.contains("{ id: R-020,") })
        func twice(_ first: String, _ second: String) throws -> [String] {
            let rows = [first, second].map { row.replacing(" }", with: ", \($0) }") }.joined(separator: "\n")
            return try read(text.replacing(row, with: rows)).problems.map(\.what)
        }
        #expect(try twice("valid-to: 2026-12-31", "valid-from: 2027-01-01") == [])
        #expect(
            try twice("valid-to: 2027-01-01", "valid-from: 2027-01-01")
                == ["rule \"R-020\" stands twice for the same days"])
    }

    @Test("one that ended must say when")
    func ended() throws {
        let text = try Shipped.text("../../Catalogue/catalogue-2026-11-30.yaml")
            .replacingOccurrences(
                of: "    status: ended\n    valid-to: 2021-06-25\n    successor: probation-service\n    part-3: yes",
                with: "    status: ended\n    successor: probation-service\n    part-3: yes")
        #expect(try read(text).problems.map(\.what) == ["\"organisations[12].valid-to\" is missing"])
    }

    @Test("one id may stand twice for days that do not overlap")
    func periods() throws {
        let text = try Shipped.text("../../Catalogue/catalogue-2026-11-30.yaml")
        let entry = try #require(text.split(separator: "\n").first { $0.contains("id: CA89-27,") })
        let twice = text.replacingOccurrences(
            of: entry,
            with: """
                  - { id: CA89-27, citation: "old", valid-to: 2026-12-31 }
                  - { id: CA89-27, citation: "new", valid-from: 2027-01-01 }
                """)
        let catalogue = try read(twice).get()
        #expect(catalogue.entry("CA89-27", .gateway, on: try CalendarDate("2026-12-31"))?.citation == "old")
        #expect(catalogue.entry("CA89-27", .gateway, on: try CalendarDate("2027-01-01"))?.citation == "new")
    }
}
