package import Policy
package import Vocabulary

/// Writes a side-car that says again what people, not the route, said of an earlier version: so a correction keeps its
/// case references and all else that somebody decided.
package enum SideCarWriter {
    /// - Parameters:
    ///   - label: Of the earlier version.
    ///   - fields: Those to carry over, named as in `Labelled.origins`.
    package static func correction(
        _ label: Label, carrying fields: Set<String>, replacing old: LabelOverride.Replacement
    ) -> [UInt8] {
        var members: [String: JSON] = [
            "supersedes": .object([
                "because": .string(old.because), "consignment": .string(old.consignment.text),
            ])
        ]
        for (name, value) in plain(label.json) where fields.contains(name) { put(value, name, &members) }
        return JSON.object(members).encoded
    }

    /// Every field by its name in `origins`: `basis.article6` for one inside another.
    private static func plain(_ json: JSON) -> [(String, JSON)] {
        guard case .object(let members) = json else { return [] }
        return members.flatMap { name, value -> [(String, JSON)] in
            guard case .object(let inner) = value, nested.contains(name) else { return [(name, value)] }
            return inner.map { ("\(name).\($0)", $1) }
        }
    }

    private static let nested: Set<String> = ["basis", "handling", "retention"]
    /// Where the side-car's word differs from the label's.
    private static let keys = [
        "asOf": "as-of", "article6": "article-6", "article9": "article-9", "schedule1": "schedule-1",
        "schedule8": "schedule-8", "lawEnforcement": "law-enforcement", "reviewBy": "review-by",
    ]
    /// Made anew, or not a person's to say.
    private static let never: Set<String> = ["agreement", "catalogue", "decidedBy", "emergency", "route", "suggested"]

    private static func put(_ value: JSON, _ name: String, _ members: inout [String: JSON]) {
        guard !never.contains(name) else { return }
        let parts = name.split(separator: ".").map(String.init)
        let key = keys[parts.last ?? name] ?? parts.last ?? name
        guard parts.count == 2, let outer = parts.first else { return members[key] = value }
        var inner: [String: JSON] = [:]
        if case .object(let known)? = members[outer] { inner = known }
        inner[key] = value
        members[outer] = .object(inner)
    }
}
