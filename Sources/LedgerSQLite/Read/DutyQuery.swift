internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// A `DutyFilter` as SQL in which every part is the search of one named index, earliest `next` first: what `ListQuery`
/// is for consignments.
///
/// Id, consignment and subject leave a few rows. Otherwise there is one search for each kind and state asked for, in
/// order and limited, and these are merged.
struct DutyQuery {
    private var arms: [String] = []
    private(set) var arguments: [(any DatabaseValueConvertible)?] = []

    /// Nothing can match: no kind or no state is asked for.
    var isEmpty: Bool { arms.isEmpty }

    var sql: String { arms.map { "SELECT * FROM (\($0))" }.joined(separator: " UNION ALL ") + Self.end }

    private static let end = " ORDER BY next, id LIMIT ?"

    init(_ filter: DutyFilter, limit: Int) {
        // SQLite finds `IN ()` false before it looks at partial indexes, and then refuses their names.
        if filter.kinds?.isEmpty == true || filter.states?.isEmpty == true { return }
        for var arm in Self.selective(filter).map({ [$0] }) ?? Self.broad(filter) {
            if let partner = filter.partner { arm.conditions.add("partner = ?", partner.text) }
            if let due = filter.dueBefore { arm.conditions.add("next < ?", due.milliseconds) }
            if let after = filter.after {
                arm.conditions.add(
                    "next >= ? AND (next > ? OR id > ?)", after.next.milliseconds, after.next.milliseconds,
                    after.id.column)
            }
            arms.append("SELECT * FROM \(arm.source) WHERE \(arm.conditions.sql)\(Self.end)")
            arguments += arm.conditions.arguments + [limit]
        }
        arguments.append(limit)
    }

    private typealias Arm = (source: String, conditions: Conditions)

    private static func selective(_ filter: DutyFilter) -> Arm? {
        var conditions = Conditions()
        if let id = filter.id { conditions.add("id = ?", id.column) }
        if let key = filter.consignment {
            conditions.add(
                "consignment = ? AND direction = ? AND partner = ?", key.id.column, key.direction.rawValue,
                key.partner.text)
        }
        if let subject = filter.subject { conditions.add("subject = ?", TextColumn.stored(subject)) }
        if conditions.terms.isEmpty { return nil }
        if let kinds = filter.kinds { conditions.addOneOf("kind", kinds.map(\.rawValue).sorted()) }
        if let states = filter.states { conditions.addOneOf("state", states.map(\.rawValue).sorted()) }
        // The index of the primary key needs no name: none is better than one row.
        if filter.id != nil { return ("duties", conditions) }
        let index = filter.consignment == nil ? "subject" : "consignment"
        return ("duties INDEXED BY duties_by_\(index)", conditions)
    }

    private static func broad(_ filter: DutyFilter) -> [Arm] {
        let states = filter.states ?? Set(Duty.State.allCases)
        return (filter.kinds ?? Set(Duty.Kind.allCases)).flatMap { kind in
            states.map { state in
                var conditions = Conditions()
                conditions.add("kind = ? AND state = ?", kind.rawValue, state.rawValue)
                return ("duties INDEXED BY duties_by_next", conditions)
            }
        }
    }
}
