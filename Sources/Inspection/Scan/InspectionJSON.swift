package import Vocabulary

extension Inspection {
    /// `{"finds":[{"category","confidence","count","kind"}],"outcome":"checked","suggested":[...]}` and, unless all was
    /// read, `"reason"`. Kinds and counts only.
    package var json: JSON {
        var members: [String: JSON] = [
            "finds": .array(
                finds.map { find in
                    .object([
                        "kind": .string(find.kind), "category": .string(find.category),
                        "confidence": .string(find.confidence.rawValue), "count": .integer(Int64(find.count)),
                    ])
                }),
            "suggested": .array(suggested.map(JSON.string)),
        ]
        switch outcome {
        case .checked: members["outcome"] = .string("checked")
        case .partly(let reason):
            members["outcome"] = .string("partly")
            members["reason"] = .string(reason)
        case .notChecked(let reason):
            members["outcome"] = .string("not-checked")
            members["reason"] = .string(reason)
        }
        return .object(members)
    }
}
