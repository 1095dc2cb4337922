internal import Vocabulary

/// What a look into the content came to, on one line. Kinds and counts only.
enum InspectionWords {
    /// - Parameter json: as `Inspection.json` writes it and the ledger keeps it.
    static func of(_ json: JSON) -> String {
        let finds = (json["finds"]?.items ?? []).compactMap { find in
            find["kind"]?.string.map { "\($0) \(find["count"]?.integer ?? 0)" }
        }
        let suggested = (json["suggested"]?.items ?? []).compactMap(\.string)
        let suggests = "suggests \(suggested.isEmpty ? "nothing" : suggested.joined(separator: ", "))"
        let found = finds.isEmpty ? suggests : "\(suggests) (\(finds.joined(separator: ", ")))"
        let why = json["reason"]?.string ?? "no reason is given"
        return switch json["outcome"]?.string {
        case "checked": found
        case "partly": "read in part (\(why)); \(found)"
        default: "not checked: \(why)"
        }
    }
}
