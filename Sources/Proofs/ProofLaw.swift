package import Policy
internal import Vocabulary

/// What the ids of a label mean, in the words of the catalogue: a record is read by people who have never seen one.
package struct ProofLaw: Sendable {
    private let catalogue: Catalogue?

    package init(_ catalogue: Catalogue? = nil) { self.catalogue = catalogue }

    /// Label and citation of the entry in force on that day; the id alone if there is none.
    func words(_ id: String, _ kinds: [CatalogueEntry.Kind], on day: CalendarDate) -> String {
        let rows = catalogue?.entries.filter { $0.id == id && kinds.contains($0.kind) } ?? []
        guard let entry = rows.first(where: { $0.covers(day) }) ?? rows.first else { return id }
        let cited = entry.citation.isEmpty || entry.citation == entry.label ? "" : ", \(entry.citation)"
        return "\(entry.label)\(cited) (\(id))"
    }
}
