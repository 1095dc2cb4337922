internal import Ledger
internal import Policy
internal import Vocabulary

/// What the reviewer of an emergency is told: what it did not wait for, in sentences.
enum ReviewWords {
    /// Nil for any other duty, and where nothing was left open.
    static func skipped(_ duty: Duty, _ catalogue: Catalogue?) -> String? {
        guard duty.kind == .review else { return nil }
        let exception = duty.facts["exception"].map { "Relied on: \($0)." }
        let words = [duty.facts["skipped"] ?? rules(duty, catalogue), exception].compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// Of a review from before sentences were kept: what the law says of each rule.
    private static func rules(_ duty: Duty, _ catalogue: Catalogue?) -> String? {
        guard let ids = duty.facts["deferred"]?.split(separator: " ").map(String.init) else { return nil }
        let known = ids.map { id in
            let says = catalogue?.rules.last { $0.id == id }?.says ?? "The catalogue here does not hold this rule."
            return "\(id): \(says)"
        }
        return "Not waited for: " + known.joined(separator: " ")
    }
}
