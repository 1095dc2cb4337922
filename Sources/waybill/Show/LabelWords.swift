internal import Policy
internal import Vocabulary

/// A label in plain words: what each id of the catalogue means, for somebody who has never seen one.
struct LabelWords {
    private let label: Label
    private let catalogue: Catalogue?
    private let date: CalendarDate

    /// - Parameter date: the day on which it was signed: words of law mean what they meant then.
    init(_ label: Label, _ catalogue: Catalogue?, on date: CalendarDate) {
        self.label = label
        self.catalogue = catalogue
        self.date = date
    }

    var facts: Facts {
        let basis = label.basis
        let many: [(String, [String])] = [
            ("what kind", label.categories.map { words($0, [.personalCategory, .specialCategory, .criminal]) }),
            ("basis", basis.article6.map { cited($0, [.article6]) }),
            ("gateways", basis.gateways.map { cited($0, [.gateway, .annex1]) }),
            ("special data", basis.article9.map { cited($0, [.article9]) }),
            ("conditions", (basis.schedule1 + basis.schedule8).map { cited($0, [.schedule1, .schedule8]) }),
            ("about", label.subjects.map { "\($0.role) \($0.ref)" }),
        ]
        let before: [(String, String?)] = [
            ("purpose", words(label.purpose, [.purpose])), ("because", label.necessity),
        ]
        let after: [(String, String?)] = [
            ("handling", ([label.handling.classification] + label.handling.caveats).joined(separator: ", ")),
            ("keep", label.retention.map { "\($0.class)\($0.reviewBy.map { ", review by \($0)" } ?? "")" }),
            ("emergency", label.emergency.map { "\($0.reason) Review by \(Words.moment($0.reviewBy)) UTC." }),
            ("accuracy", label.accuracy),
            ("agreement", "\(label.agreement.id), version \(label.agreement.version), route \(label.route)"),
            ("decided by", label.decidedBy),
        ]
        return Facts(before + many.flatMap(Self.rows) + after)
    }

    /// The name on the first row only.
    private static func rows(_ name: String, _ values: [String]) -> [(String, String?)] {
        values.enumerated().map { ($0 == 0 ? name : "", $1) }
    }

    private func entry(_ id: String, _ kinds: [CatalogueEntry.Kind]) -> CatalogueEntry? {
        let rows = catalogue?.entries.filter { $0.id == id && kinds.contains($0.kind) } ?? []
        return rows.first { $0.covers(date) } ?? rows.first
    }

    private func words(_ id: String, _ kinds: [CatalogueEntry.Kind]) -> String {
        entry(id, kinds).map { "\($0.label) (\(id))" } ?? id
    }

    private func cited(_ id: String, _ kinds: [CatalogueEntry.Kind]) -> String {
        guard let entry = entry(id, kinds) else { return id }
        return entry.label == entry.citation ? "\(entry.citation) (\(id))" : "\(entry.citation): \(entry.label) (\(id))"
    }
}
