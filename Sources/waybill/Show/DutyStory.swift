internal import Vocabulary

/// What one event after another does to the duties of a consignment, in words. An event carries a duty whole, also where only
/// its clock moved: told by its state alone, a first contact would look like a second deferral.
struct DutyStory {
    /// Where the facts of an event hold duties.
    static let member = "duties"
    private var known: [String: JSON] = [:]

    /// `notice open`, `recall closed (destroyed)`, `notice: first contact 2026-12-01`.
    mutating func changes(by facts: [String: JSON]) -> [String] {
        (facts[Self.member]?.items ?? []).compactMap { duty in
            guard let id = duty["id"]?.string else { return nil }
            defer { known[id] = duty }
            return Self.words(duty, before: known[id])
        }
    }

    private static func words(_ duty: JSON, before: JSON?) -> String? {
        guard let kind = duty["kind"]?.string, let state = duty["state"]?.string else { return nil }
        if let before, ["state", "ground", "deferredUntil"].allSatisfy({ duty[$0] == before[$0] }) {
            return "\(kind): " + moves(duty, before).joined(separator: ", ")
        }
        return "\(kind) \(state)" + (duty["ground"]?.string.map { " (\($0))" } ?? "")
    }

    private static func moves(_ duty: JSON, _ before: JSON) -> [String] {
        let names = [("contact", "first contact"), ("disclosure", "first disclosure")]
        let occasions = names.compactMap { name, words -> String? in
            guard let day = duty["facts"]?[name]?.string, day != before["facts"]?[name]?.string else { return nil }
            return "\(words) \(day)"
        }
        let due = duty["due"] == before["due"] ? nil : duty["due"]?.string.map { "due by \($0)" }
        let all = occasions + [due].compactMap { $0 }
        return all.isEmpty ? ["noted again"] : all
    }
}
