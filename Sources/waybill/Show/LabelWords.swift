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
        let before: [(String, String?)] = [
            ("purpose", words(label.purpose, [.purpose])), ("because", label.necessity),
            ("collected for", label.collection.map(collection)),
        ]
        return Facts(before + law.flatMap(Self.rows) + provisos + information + end)
    }

    private var law: [(String, [String])] {
        let basis = label.basis
        return [
            ("what kind", label.categories.map { words($0, Self.categories) }),
            ("suggested", label.suggested.map { words($0, Self.categories) }),
            ("under", [RegimeWords.of(basis.regime)]),
            ("basis", basis.article6.map { cited($0, [.article6]) }),
            ("gateways", basis.gateways.map { cited($0, [.gateway, .annex1]) }),
            ("special data", basis.article9.map { cited($0, [.article9]) }),
            ("conditions", (basis.schedule1 + basis.schedule8).map { cited($0, [.schedule1, .schedule8]) }),
        ]
    }

    private static let categories: [CatalogueEntry.Kind] = [
        .personalCategory, .specialCategory, .criminal, .otherCategory,
    ]

    /// What goes with single points of the basis.
    private var provisos: [(String, String?)] {
        let basis = label.basis
        return [
            ("law enforcement", basis.lawEnforcement.map { cited($0, [.lawEnforcement]) }),
            ("no consent", basis.reason.map { "reason \($0) of Schedule 1 paragraph 18(1)(d)" }),
            ("confidentiality", basis.confidentiality), ("consent", basis.consent),
            ("cannot consent", basis.incapacity), ("request", basis.request), ("authority", basis.authority),
            ("transfer", basis.transfer.map { cited($0, [.transfer]) }),
            ("attested", label.attestation.map { "\($0.principles.joined(separator: ", ")): \($0.because)" }),
        ]
    }

    private var information: [(String, String?)] {
        Self.rows("about", label.subjects.map(Self.subject)) + [
            ("as of", label.asOf?.description), ("nature", label.nature), ("accuracy", label.accuracy),
        ]
    }

    private var end: [(String, String?)] {
        [
            ("handling", ([label.handling.classification] + label.handling.caveats).joined(separator: ", ")),
            ("keep", label.retention.map { "\($0.class)\($0.reviewBy.map { ", review by \($0)" } ?? "")" }),
            ("emergency", label.emergency.map { "\($0.reason) (review by \(Words.moment($0.reviewBy)) UTC)" }),
            ("agreement", "\(label.agreement.id), version \(label.agreement.version), route \(label.route)"),
            ("decided by", label.decidedBy),
        ]
    }

    private func collection(_ collection: Label.Collection) -> String {
        let purpose = words(collection.purpose, [.purpose])
        return collection.compatibility.map { "\(purpose): \($0)" } ?? purpose
    }

    /// With what the sender says of UK GDPR 14.
    private static func subject(_ subject: Label.Subject) -> String {
        let told: String? =
            switch subject.informed?.status {
            case "yes": "told\(subject.informed?.on.map { " on \($0)" } ?? "")"
            case "no": "not told"
            case "exempt": "not told, exempt\(subject.informed?.ground.map { " (\($0))" } ?? "")"
            default: nil
            }
        return "\(subject.role) \(subject.ref)\(told.map { ", \($0)" } ?? "")"
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

/// The law of one side, in words.
enum RegimeWords {
    static func of(_ regime: String) -> String {
        switch Regime(rawValue: regime) {
        case .ukGDPR: "UK GDPR (uk-gdpr)"
        case .part3: "DPA 2018 Part 3, law enforcement (dpa-part-3)"
        case nil: regime
        }
    }
}
