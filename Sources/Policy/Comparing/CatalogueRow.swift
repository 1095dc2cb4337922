package import Vocabulary

/// A row of a catalogue as names and values, under the names that the file uses: what two catalogues are compared by.
package struct CatalogueRow: Hashable, Sendable {
    package let list: String
    package let id: String
    package let validFrom: CalendarDate?
    /// Absent values are empty.
    package let fields: [Field]

    package struct Field: Hashable, Sendable {
        package let name: String
        package let value: String

        init(_ name: String, _ value: String?) {
            self.name = name
            self.value = value ?? ""
        }

        init(_ name: String, _ values: [String]) { self.init(name, values.joined(separator: ", ")) }
        init(_ name: String, _ flag: Bool) { self.init(name, flag ? "true" : "false") }
        init(_ name: String, _ date: CalendarDate?) { self.init(name, date?.description) }
    }

    func value(_ name: String) -> String { fields.first { $0.name == name }?.value ?? "" }
}

extension CatalogueEntry {
    package var row: CatalogueRow {
        let own: [CatalogueRow.Field] = [
            .init("label", label), .init("citation", citation), .init("status", status.rawValue),
            .init("valid-from", validFrom), .init("valid-to", validTo),
        ]
        return CatalogueRow(list: kind.rawValue, id: id, validFrom: validFrom, fields: own + facts.fields)
    }
}

extension CatalogueEntry.Facts {
    /// One for each property; a test counts them.
    var fields: [CatalogueRow.Field] {
        [
            .init("iri", iris), .init("match", match), .init("parent", parent), .init("in-protocol", inProtocol),
            .init("protocol-words", protocolWords), .init("requires", requires),
            .init("open-to-public-authority", openToPublicAuthority), .init("schedule part", part.map(String.init)),
            .init("policy-document", policyDocument?.rawValue), .init("for special category data", forSpecialCategory),
            .init("for criminal offence data", forCriminal),
            .init("prefer-pseudonymised", preferPseudonymised), .init("handling outcome", outcome?.rawValue),
            .init("fix", fix), .init("binds", binds?.rawValue), .init("lifts", lifts), .init("temporary", temporary),
            .init("needs", needs),
            .init("touches", touches), .init("verified", verified), .init("note", note),
        ]
    }
}

extension Organisation {
    package var row: CatalogueRow {
        CatalogueRow(list: "organisations", id: id.text, validFrom: nil, fields: nature + edges)
    }

    private var nature: [CatalogueRow.Field] {
        [
            .init("label", label), .init("name", name), .init("kind", kind), .init("citation", citation),
            .init("status", status.rawValue), .init("valid-from", validFrom), .init("valid-to", validTo),
            .init("part-3", part3.rawValue), .init("part-3-citation", part3Citation),
            .init("public-authority", publicAuthority.map { $0 ? "yes" : "no" }), .init("country", country),
            .init("section-11-limb", section11), .init("protocol-line", protocolLine.map(String.init)),
            .init("verified", verified), .init("note", note),
        ]
    }

    private var edges: [CatalogueRow.Field] {
        [
            .init("names", names.map { Self.dated($0.name, $0.from, $0.to) + ($0.verified ? "" : " (unverified)") }),
            .init("successor", successor?.text), .init("predecessors", predecessors.map(\.text)),
            .init("hosted-by", hostedBy.map(\.text)),
            .init("members", members.map { Self.dated($0.id.text, $0.from, $0.to) }), .init("open-group", openGroup),
            .init("codes", codes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }),
        ]
    }

    private static func dated(_ text: String, _ from: CalendarDate?, _ to: CalendarDate?) -> String {
        from == nil && to == nil ? text : "\(text) (\(Validity(from: from, to: to)))"
    }
}

extension RuleEntry {
    package var row: CatalogueRow {
        CatalogueRow(
            list: "rules", id: id, validFrom: validFrom,
            fields: [
                .init("citation", citation), .init("outcome", outcome.rawValue), .init("says", says),
                .init("valid-from", validFrom), .init("valid-to", validTo),
            ])
    }
}
