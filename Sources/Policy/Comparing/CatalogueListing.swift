package import Vocabulary

/// One line of `waybill catalogue list --on DATE`.
package struct CatalogueListing: Hashable, Sendable {
    /// The list of the file that it stands in, such as `gateways`.
    package let kind: String
    package let id: String
    package let label: String
    /// In words that follow the id: `is in force`, `ended on 2026-02-04`.
    package let standing: String
    /// It may be relied on that day.
    package let isInForce: Bool
    /// It was read in its source.
    package let isVerified: Bool
    package let citation: String
    package let validFrom: CalendarDate?
    package let validTo: CalendarDate?

    package var validity: Validity { Validity(from: validFrom, to: validTo) }
}

extension Catalogue {
    /// Every organisation, word and rule once, as it stands on a day, in the order of the file.
    package func listing(on date: CalendarDate) -> [CatalogueListing] {
        let words = CatalogueEntry.Kind.allCases.flatMap { kind in
            Self.unique(ids(kind)).compactMap { word($0, kind, date) }
        }
        let rules = Self.unique(rules.map(\.id)).compactMap { rule($0, date) }
        return organisations.map { listed($0, date) } + words + rules
    }

    private static func unique(_ ids: [String]) -> [String] {
        var seen = Set<String>()
        return ids.filter { seen.insert($0).inserted }
    }

    private func listed(_ organisation: Organisation, _ date: CalendarDate) -> CatalogueListing {
        let (from, to) = (organisation.validFrom, organisation.validTo)
        let isFuture = from.map { date < $0 } ?? false
        let standing = isFuture ? "does not exist before" : "ended on"
        let day = isFuture ? from : to
        return CatalogueListing(
            kind: "organisations", id: organisation.id.text, label: organisation.name(on: date),
            standing: organisation.exists(on: date) ? "exists" : "\(standing) \(day.map(\.description) ?? "")",
            isInForce: organisation.exists(on: date),
            isVerified: organisation.verified && organisation.status != .unverified, citation: organisation.citation,
            validFrom: from, validTo: to)
    }

    private func word(_ id: String, _ kind: CatalogueEntry.Kind, _ date: CalendarDate) -> CatalogueListing? {
        let standing = standing(id, kind, on: date)
        guard let entry = standing.entry else { return nil }
        return CatalogueListing(
            kind: kind.rawValue, id: id, label: entry.label, standing: standing.words,
            isInForce: self.entry(id, kind, on: date) != nil,
            isVerified: entry.facts.verified && entry.status != .unverified, citation: entry.citation,
            validFrom: entry.validFrom, validTo: entry.validTo)
    }

    private func rule(_ id: String, _ date: CalendarDate) -> CatalogueListing? {
        let rows = rules.filter { $0.id == id }
        let current = rows.first { $0.covers(date) }
        guard let row = current ?? rows.last else { return nil }
        let standing = current.map { "applies: \($0.outcome.rawValue)" } ?? "does not apply that day"
        return CatalogueListing(
            kind: "rules", id: id, label: row.says, standing: standing, isInForce: current != nil, isVerified: true,
            citation: row.citation, validFrom: row.validFrom, validTo: row.validTo)
    }
}

extension Standing {
    /// The row that answered.
    package var entry: CatalogueEntry? {
        switch self {
        case .inForce(let entry), .notYet(let entry), .ended(let entry), .notCommenced(let entry): entry
        case .unknown: nil
        }
    }
}
