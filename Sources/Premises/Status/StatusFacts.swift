package import Ledger
package import Vocabulary

/// What a status says of a ledger: the daemon's, and that of a command while it is down.
package enum StatusFacts {
    /// What is open: of each kind by itself, so that files to be collected, of which there may be very many, push out
    /// nothing else.
    package static func owed(_ read: (DutyFilter) async throws -> [Duty]) async throws -> [Duty] {
        var duties: [Duty] = []
        for kind in Duty.Kind.allCases { duties += try await read(.open(kind)) }
        return duties
    }

    /// An alarm for each kind of which something is late.
    package static func overdue(_ duties: [Duty], at now: Instant) -> [String: String] {
        let late = Dictionary(grouping: duties.filter { $0.next < now }, by: \.kind.rawValue)
        return Dictionary(
            uniqueKeysWithValues: late.map { kind, duties in
                ("late/\(kind)", "\(duties.count) past their date: waybill duties list --kind \(kind)")
            })
    }

    /// How many are open of each kind, and how many of these are late.
    package static func json(_ duties: [Duty], at now: Instant) -> JSON {
        let kinds = Dictionary(grouping: duties, by: \.kind.rawValue).mapValues { duties -> JSON in
            let late = duties.count { $0.next < now }
            return .object([
                "late": .integer(Int64(late)), "next": .string((duties.map(\.next).min() ?? now).description),
                "open": .integer(Int64(duties.count)),
            ])
        }
        return .object(kinds)
    }

    package static func json(_ counts: [Direction: [ConsignmentState: Int]]) -> JSON {
        .object(
            Dictionary(
                uniqueKeysWithValues: counts.map { direction, states in
                    let members = states.map { ($0.key.rawValue, JSON.integer(Int64($0.value))) }
                    return (direction.rawValue, .object(Dictionary(uniqueKeysWithValues: members)))
                }))
    }
}
