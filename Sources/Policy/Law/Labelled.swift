package import Vocabulary

/// A label, and where each field of it came from.
package struct Labelled: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        case route, sideCar
        case person(String)

        /// `route`, `side-car` or `person:<account>`.
        package var text: String {
            switch self {
            case .route: "route"
            case .sideCar: "side-car"
            case .person(let account): "person:\(account)"
            }
        }
    }

    package let label: Label
    /// The fields that are not the route's.
    let changed: [String: Origin]

    init(label: Label, changed: [String: Origin]) {
        self.label = label
        self.changed = changed
    }

    /// By field, named as in the label's JSON, `basis.article9` for one inside another. Every field that the label
    /// holds is here, and so is one that a side-car emptied.
    package var origins: [String: Origin] {
        Dictionary(uniqueKeysWithValues: Self.fields(of: label.json).map { ($0, Origin.route) })
            .merging(changed) { $1 }
    }

    /// Of a field, or of the whole that it is part of: `basis` is the side-car's if any of its fields is.
    package func origin(of field: String) -> Origin {
        changed[field] ?? changed.keys.sorted().first { $0.hasPrefix(field + ".") }.flatMap { changed[$0] } ?? .route
    }

    /// `{"basis.article6": "route", "categories": "side-car", ...}`
    package var json: JSON { .object(origins.mapValues { .string($0.text) }) }

    /// These are one thing each: pinned by a document, or written together.
    private static let whole: Set<String> = ["agreement", "attestation", "catalogue", "collection", "emergency"]

    private static func fields(of json: JSON) -> [String] {
        guard case .object(let members) = json else { return [] }
        return members.flatMap { name, value in
            guard case .object(let inner) = value, !whole.contains(name) else { return [name] }
            return inner.keys.map { "\(name).\($0)" }
        }
    }
}
