import Law
import Policy
import Testing
import Vocabulary

/// The catalogue against the text of the protocol, both ways.
@Suite struct ProtocolTests {
    private let catalogue: Catalogue
    private let text: String
    private let wording: ProtocolWording

    init() throws {
        catalogue = try Shipped.catalogue()
        text = try Shipped.text("tees-protocol.txt")
        wording = ProtocolWording(text)
    }

    /// Labels that the catalogue calls the protocol's; those that split another are left out.
    private func labels(_ kind: CatalogueEntry.Kind) -> [String] {
        catalogue.entries.filter { $0.kind == kind && $0.facts.inProtocol && !isSplit($0) }.map(\.label)
    }

    /// A child whose label is part of its parent's: the protocol names both in one breath.
    private func isSplit(_ entry: CatalogueEntry) -> Bool {
        guard let parent = catalogue.entries.first(where: { $0.kind == entry.kind && $0.id == entry.facts.parent })
        else { return false }
        return parent.label.contains(entry.label)
    }

    @Test("its lists are read whole")
    func whole() {
        #expect(wording.partners.count == 21)
        #expect(wording.personal.count == 13)
        #expect(wording.special.count == 4)
        #expect(wording.purposes.count == 8)
        #expect(wording.bases.count == 6)
        #expect(wording.criminal == "Criminal convictions and offences information could also be shared")
    }

    @Test("its partners are the catalogue's, word for word and in its order")
    func partners() {
        let ours = catalogue.organisations.filter { $0.protocolLine != nil }
        #expect(ours.map(\.label) == wording.partners)
        #expect(ours.compactMap(\.protocolLine) == Array(1...21))
    }

    @Test("its categories are the catalogue's, word for word")
    func categories() {
        #expect(labels(.personalCategory) == wording.personal)
        #expect(labels(.specialCategory) == wording.special)
        #expect(labels(.criminal).map { $0.lowercased() } == ["criminal convictions and offences"])
        #expect(catalogue.entries.first { $0.kind == .criminal }?.facts.protocolWords == [wording.criminal])
    }

    @Test("its purposes are the catalogue's, word for word")
    func purposes() { #expect(labels(.purpose) == wording.purposes) }

    @Test("its lawful bases are the catalogue's, word for word, on every day")
    func bases() throws {
        for day in ["2021-01-01", "2026-11-22"] {
            let date = try CalendarDate(day)
            let kinds: [CatalogueEntry.Kind] = [.article6, .article9, .schedule1]
            let ours = catalogue.entries.filter { kinds.contains($0.kind) && $0.covers(date) }
            #expect(ours.flatMap(\.facts.protocolWords).sorted() == wording.bases.sorted())
        }
        for entry in catalogue.entries where !entry.facts.protocolWords.isEmpty { #expect(entry.facts.inProtocol) }
    }

    @Test("whatever the catalogue calls the protocol's occurs in its text")
    func marked() {
        let lowercased = text.lowercased()
        let marked = catalogue.entries.filter(\.facts.inProtocol)
        #expect(marked.count >= 37)
        for entry in marked {
            #expect(lowercased.contains(entry.label.lowercased()), "\(entry.id)")
            for words in entry.facts.protocolWords { #expect(text.contains(words), "\(entry.id)") }
        }
    }

    @Test("data beyond its lists have the protocol's own words, and are not of its lists")
    func other() throws {
        let other = try #require(catalogue.entries.first { $0.id == "pd-other" })
        #expect(text.contains(other.label))
        #expect(other.kind == .otherCategory && !other.facts.inProtocol)
    }

    @Test("what the protocol names in one breath is split without losing a word")
    func split() throws {
        for (parent, children) in [("pd-08", ["pd-08a", "pd-08b"]), ("pd-10", ["pd-10a", "pd-10b", "pd-10c"])] {
            let entries = catalogue.entries.filter { $0.facts.parent == parent }
            #expect(entries.map(\.id) == children)
            let whole = try #require(catalogue.entries.first { $0.id == parent })
            let words = whole.label.split { ", ".contains($0) }.filter { $0 != "and" }
            #expect(words.allSatisfy { word in entries.contains { $0.label.contains(word) } })
        }
        let date = try CalendarDate("2026-11-22")
        #expect(catalogue.lineage(ofPurpose: "pu-1b", on: date) == ["pu-1b", "pu-1"])
    }
}
