/// What policy found wrong, with the law behind it and the one sentence that fixes it.
package struct Finding: Hashable, Sendable {
    /// Stable rule id, such as `R-020`.
    package let rule: String
    /// Such as `UK GDPR Art 9(1)-(2)`.
    package let citation: String
    /// What was found, in plain English, without personal data.
    package let found: String
    /// The one sentence that fixes it.
    package let fix: String
    /// No person can let it go, and no emergency passes it.
    package let isFinal: Bool

    package init(rule: String, citation: String, found: String, fix: String, isFinal: Bool = false) {
        self.rule = rule
        self.citation = citation
        self.found = found
        self.fix = fix
        self.isFinal = isFinal
    }

    package var json: JSON {
        var members: [String: JSON] = [
            "citation": .string(citation), "fix": .string(fix), "found": .string(found), "rule": .string(rule),
        ]
        if isFinal { members["final"] = .bool(true) }
        return .object(members)
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "finding")
        self.init(
            rule: try m.string("rule"), citation: try m.string("citation"), found: try m.string("found"),
            fix: try m.string("fix"), isFinal: m.optional("final") == .bool(true))
        try m.end()
    }
}

/// What policy says of a label. A refusal is a value, not an error.
package enum Decision: Hashable, Sendable {
    /// May go. Findings that only warn travel along.
    case release(warnings: [Finding])
    /// Waits for a person.
    case hold([Finding])
    /// Cannot go, not even in an emergency.
    case block([Finding])
}
