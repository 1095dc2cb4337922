import Foundation
import Policy
import Settings
import Testing
import Vocabulary

@Suite struct CatalogueReaderTests {
    private func read(_ text: String) throws -> Reading<Catalogue> {
        CatalogueReader.read(Array(text.utf8), file: "c.yaml", sha256: try Shipped.digest(1))
    }

    @Test("a broken catalogue lists every mistake")
    func mistakes() throws {
        let text = try Shipped.text("../../Catalogue/catalogue-2026-11-22.yaml")
            .replacingOccurrences(of: "id: pd-02,", with: "id: pd-01,")
            .replacingOccurrences(of: "parent: pu-3, label: \"Protecting", with: "parent: pu-33, label: \"Protecting")
            .replacingOccurrences(of: "successor: nenc-icb", with: "successor: nenc-icp")
            .replacingOccurrences(of: "{ id: R-020,", with: "{ id: R-999,")
            .replacingOccurrences(of: "status: enacted_not_in_force", with: "status: soon")
        let found = try read(text).problems.map(\.what)
        #expect(found.contains("\"pd-01\" stands twice in personal-categories for the same days"))
        #expect(found.contains("\"pu-3.1\" is part of \"pu-33\", which is not in the list"))
        #expect(found.contains("\"tees-valley-ccg\" names \"nenc-icp\", which is not among the organisations"))
        #expect(found.contains("rule \"R-020\" is missing from \"rules\""))
        #expect(found.contains("rule \"R-999\" is not one that this version can decide"))
        #expect(found.filter { $0.contains("must be one of in_force") }.count == 3)
        #expect(found.count == 8)
    }

    @Test("one id may stand twice for days that do not overlap")
    func periods() throws {
        let entry = "  - { id: CA89-27, citation: \"Children Act 1989 s.27\", status: in_force, verified: false }"
        let text = try Shipped.text("../../Catalogue/catalogue-2026-11-22.yaml")
        #expect(text.contains(entry))
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
