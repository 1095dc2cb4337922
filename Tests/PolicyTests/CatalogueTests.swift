import Policy
import Testing
import Vocabulary

@Suite struct CatalogueTests {
    @Test("a word means what it meant on the day asked for")
    func dated() throws {
        let digest = try Digest([UInt8](repeating: 1, count: 32))
        func row(_ status: CatalogueEntry.Status, _ from: String?, _ to: String?) throws -> CatalogueEntry {
            CatalogueEntry(
                id: "CA04-16LA", kind: .gateway, label: "duty to share", citation: "c",
                force: .init(status, from: try from.map(CalendarDate.init), to: try to.map(CalendarDate.init)))
        }
        let catalogue = Catalogue(
            version: "v", sha256: digest,
            .init(entries: [
                try row(.enactedNotInForce, "2026-04-29", "2027-03-31"), try row(.inForce, "2027-04-01", "2030-01-01"),
            ]))
        func standing(_ day: String) throws -> Standing {
            catalogue.standing("CA04-16LA", .gateway, on: try CalendarDate(day))
        }
        guard case .notYet = try standing("2026-04-28") else { throw Unexpected() }
        guard case .notCommenced = try standing("2027-03-31") else { throw Unexpected() }
        guard case .inForce = try standing("2027-04-01") else { throw Unexpected() }
        guard case .ended = try standing("2030-01-02") else { throw Unexpected() }
        #expect(catalogue.standing("CA04-16LA", .purpose, on: try CalendarDate("2027-04-01")) == .unknown)
    }

    @Test("a circle of purposes ends")
    func circle() throws {
        var entry = CatalogueEntry(id: "pu-1", kind: .purpose, label: "", citation: "")
        entry.facts.parent = "pu-1"
        let catalogue = Catalogue(
            version: "v", sha256: try Digest([UInt8](repeating: 1, count: 32)), .init(entries: [entry]))
        #expect(catalogue.lineage(ofPurpose: "pu-1", on: try CalendarDate("2026-01-01")) == ["pu-1"])
    }

    private struct Unexpected: Error {}
}
