package import Vocabulary

/// What the migration of a ledger made whole (`TextHealing`), remembered until somebody has been told.
package struct HealedTexts: Hashable, Sendable {
    /// The fact's name.
    package static let memory = "healed-texts"

    /// Rows of consignments that were cut, by partner.
    package private(set) var consignments: [String: Int] = [:]
    package var duties = 0
    /// Notes on attempts that were cut and are gone.
    package var attempts = 0

    init() {}

    var isAny: Bool { !consignments.isEmpty || duties + attempts > 0 }
    package var partners: [String] { consignments.keys.sorted() }
    package var rows: Int { consignments.values.reduce(0, +) }

    mutating func add(_ rows: Int, of partner: String) {
        if rows > 0 { consignments[partner, default: 0] += rows }
    }

    package var json: JSON {
        .object([
            "attempts": .integer(Int64(attempts)), "duties": .integer(Int64(duties)),
            "consignments": .object(consignments.mapValues { .integer(Int64($0)) }),
        ])
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "healed texts")
        (attempts, duties) = (Int(try m.integer("attempts")), Int(try m.integer("duties")))
        guard case .object(let partners) = try m.json("consignments") else {
            throw Malformed("healed texts", "must say how many of which partner")
        }
        for (partner, count) in partners {
            guard case .integer(let rows) = count else { throw Malformed("healed texts", "must be numbers") }
            add(Int(rows), of: partner)
        }
        try m.end()
    }
}
