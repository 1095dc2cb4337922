internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import Vocabulary

/// A `LedgerFilter` as SQL in which every part is the search of one named index, newest first.
///
/// Without statistics SQLite's planner guesses; here the most selective condition picks the index by a fixed rule. Where
/// that is direction, partner or state, there is one search for each direction and state asked for, each already in
/// order and limited, and their results are merged: no query reads more than it returns, unless a name begins with `*`
/// or is looked for as people type it: that reads from the newest back, about a second for each million.
struct ListQuery {
    /// The last row of the page before.
    struct Cursor {
        let first: Int64
        let row: Int64
    }

    private var arms: [String] = []
    private(set) var arguments: [(any DatabaseValueConvertible)?] = []

    /// Nothing can match: no state is asked for.
    var isEmpty: Bool { arms.isEmpty }

    var sql: String {
        arms.map { "SELECT * FROM (\($0))" }.joined(separator: " UNION ALL ") + " ORDER BY first DESC, row DESC LIMIT ?"
    }

    init(_ filter: LedgerFilter, after cursor: Cursor?, limit: Int) {
        for arm in Arm.arms(of: filter) {
            var conditions = arm.conditions
            conditions.bound(filter, cursor)
            arms.append(
                """
                SELECT consignments.* FROM \(arm.source)
                WHERE \(conditions.sql) ORDER BY first DESC, consignments.row DESC LIMIT ?
                """)
            arguments += conditions.arguments + [limit]
        }
        arguments.append(limit)
    }
}

extension Conditions {
    /// What every search has besides the columns of its index.
    fileprivate mutating func bound(_ filter: LedgerFilter, _ cursor: ListQuery.Cursor?) {
        if let since = filter.since { add("first >= ?", since.milliseconds) }
        if let until = filter.until { add("first < ?", until.milliseconds) }
        if let cursor { add("(first, consignments.row) < (?, ?)", cursor.first, cursor.row) }
        if let name = filter.name { add("name GLOB ?", TextColumn.stored(name)) }
        if let name = filter.likeName { add("\(NameKey.column) GLOB ?", NameKey.of(name)) }
    }
}

/// One index search.
private struct Arm {
    var source: String
    var conditions = Conditions()

    private init(index: String) { source = "consignments INDEXED BY consignments_by_\(index)" }

    static func arms(of filter: LedgerFilter) -> [Arm] {
        // SQLite finds `IN ()` false before it looks at partial indexes, and then refuses their names.
        if filter.states?.isEmpty == true { return [] }
        guard var arm = selective(filter) else { return broad(filter) }
        if let id = filter.supersedes { arm.conditions.add("supersedes = ?", id.column) }
        if let sha256 = filter.sha256 { arm.conditions.add("sha256 = ?", sha256.column) }
        if let partner = filter.partner { arm.conditions.add("partner = ?", partner.text) }
        if let direction = filter.direction { arm.conditions.add("direction = ?", direction.rawValue) }
        if let states = filter.states { arm.conditions.addOneOf("state", states.map(\.rawValue).sorted()) }
        if let reference = filter.caseReference, arm.source.hasPrefix("consignments") {
            arm.conditions.add(
                "EXISTS (SELECT 1 FROM cases WHERE ref = ? AND cases.row = consignments.row)",
                TextColumn.stored(reference))
        }
        return [arm]
    }

    /// The condition that leaves only a few rows, if there is one.
    private static func selective(_ filter: LedgerFilter) -> Arm? {
        if let id = filter.id {
            var arm = Arm(index: "id")
            arm.conditions.add("id = ?", id.column)
            return arm
        }
        if filter.supersedes != nil { return Arm(index: "supersedes") }
        if filter.sha256 != nil { return Arm(index: "sha256") }
        if let reference = filter.caseReference {
            var arm = Arm(index: "id")
            arm.source = "cases CROSS JOIN consignments ON consignments.row = cases.row"
            arm.conditions.add("cases.ref = ?", TextColumn.stored(reference))
            return arm
        }
        return filter.name.flatMap(namePrefix)
    }

    /// A pattern that begins with plain characters is a range of the index on names.
    private static func namePrefix(_ pattern: String) -> Arm? {
        let prefix = TextColumn.stored(
            String(pattern.unicodeScalars.prefix { !"*?[".unicodeScalars.contains($0) }))
        guard !prefix.isEmpty else { return nil }
        var arm = Arm(index: "name")
        // U+10FFFF is no character, sorts after all that are, and so ends the range.
        arm.conditions.add("name >= ? AND name < ?", prefix, prefix + "\u{10FFFF}")
        return arm
    }

    private static func broad(_ filter: LedgerFilter) -> [Arm] {
        let directions = filter.direction.map { [$0] } ?? Direction.allCases
        return directions.flatMap { direction in
            guard let states = filter.states else { return [broad(filter, direction, nil)] }
            return states.sorted { $0.rawValue < $1.rawValue }.map { broad(filter, direction, $0) }
        }
    }

    private static func broad(_ filter: LedgerFilter, _ direction: Direction, _ state: ConsignmentState?) -> Arm {
        let index =
            switch (filter.partner, state) {
            case (nil, nil): "time"
            case (nil, _): "state"
            case (_, nil): "partner"
            case (_, _): "partner_state"
            }
        var arm = Arm(index: index)
        arm.conditions.add("direction = ?", direction.rawValue)
        if let partner = filter.partner { arm.conditions.add("partner = ?", partner.text) }
        if let state { arm.conditions.add("state = ?", state.rawValue) }
        return arm
    }
}
