internal import Vocabulary

/// What a new catalogue changes, one plain sentence each, in the order of the new file's lists.
package struct CatalogueDifference: Hashable, Sendable {
    package let changes: [Change]

    package struct Change: Hashable, Sendable {
        package enum What: String, Hashable, Sendable, CaseIterable {
            case added, changed
            /// Never right: an old decision cites the row.
            case removed
        }

        package let what: What
        /// Such as `gateways`, `organisations`, `rules` or `bank-holidays`.
        package let list: String
        package let id: String
        package let sentence: String
    }

    package init(from old: Catalogue, to new: Catalogue) {
        let (before, after) = (old.compared, new.compared)
        var lists: [String] = []
        for row in after + before where !lists.contains(row.list) { lists.append(row.list) }
        changes =
            lists.flatMap { list in
                Self.compare(before.filter { $0.list == list }, after.filter { $0.list == list })
            } + Self.holidays(old.bankHolidays, new.bankHolidays)
    }

    /// Rows that are gone: the new file breaks the rule that nothing is ever deleted.
    package var removed: [Change] { changes.filter { $0.what == .removed } }

    package func count(_ what: Change.What) -> Int { changes.filter { $0.what == what }.count }

    /// Rows of one id are told apart by their first day; one that is left over on both sides had that day changed.
    private static func compare(_ before: [CatalogueRow], _ after: [CatalogueRow]) -> [Change] {
        var ids: [String] = []
        for row in after + before where !ids.contains(row.id) { ids.append(row.id) }
        return ids.flatMap { id -> [Change] in
            var old = before.filter { $0.id == id }
            var new = after.filter { $0.id == id }
            let known = !old.isEmpty
            var pairs: [(CatalogueRow, CatalogueRow)] = []
            for row in new {
                guard let match = old.firstIndex(where: { $0.validFrom == row.validFrom }) else { continue }
                pairs.append((old.remove(at: match), row))
                new.removeAll { $0.validFrom == row.validFrom }
            }
            while let row = new.first, let last = old.first {
                pairs.append((last, row))
                (old, new) = (Array(old.dropFirst()), Array(new.dropFirst()))
            }
            return pairs.flatMap(changed) + new.map { added($0, beside: known) } + old.map(removed)
        }
    }

    private static func changed(_ old: CatalogueRow, _ new: CatalogueRow) -> [Change] {
        new.fields.compactMap { field in
            let before = old.value(field.name)
            guard before != field.value else { return nil }
            let sentence = "\(name(new)): \(FieldWords.sentence(field.name, from: before, to: field.value))."
            return Change(what: .changed, list: new.list, id: new.id, sentence: sentence)
        }
    }

    private static func added(_ row: CatalogueRow, beside known: Bool) -> Change {
        let dates = [row.value("valid-from"), row.value("valid-to")]
        let validity = zip([" from ", " to "], dates).map { $1.isEmpty ? "" : $0 + $1 }.joined()
        let what = known ? "gains another row" : "is new"
        return Change(
            what: .added, list: row.list, id: row.id,
            sentence: "\(name(row)) \(what)\(validity): \(row.value("citation")).")
    }

    private static func removed(_ row: CatalogueRow) -> Change {
        Change(
            what: .removed, list: row.list, id: row.id,
            sentence: "\(name(row)) is gone: put the row back and end it with valid-to, because old decisions cite it.")
    }

    private static func holidays(_ old: Set<CalendarDate>, _ new: Set<CalendarDate>) -> [Change] {
        func change(_ what: Change.What, _ day: CalendarDate, _ words: String) -> Change {
            Change(what: what, list: "bank-holidays", id: day.description, sentence: "\(day) \(words).")
        }
        return new.subtracting(old).sorted().map { change(.added, $0, "becomes a bank holiday") }
            + old.subtracting(new).sorted().map {
                change(.removed, $0, "is no bank holiday any more: put it back, because old due dates rest on it")
            }
    }

    private static func name(_ row: CatalogueRow) -> String { "\(row.list) \(row.id)" }
}

/// How a change of one field is said.
enum FieldWords {
    static func sentence(_ name: String, from old: String, to new: String) -> String {
        switch name {
        case "valid-to" where new.isEmpty: "no longer ends on \(old)"
        case "valid-to": old.isEmpty ? "now ends on \(new)" : "now ends on \(new), not on \(old)"
        case "valid-from" where new.isEmpty: "has no first day any more; it was \(old)"
        case "valid-from": old.isEmpty ? "now begins on \(new)" : "now begins on \(new), not on \(old)"
        case "outcome": "the rule now says \(new), not \(old)"
        case _ where old.isEmpty: "\(name) is now \"\(new)\"; it was empty"
        case _ where new.isEmpty: "\(name) is now empty; it was \"\(old)\""
        default: "\(name) is now \"\(new)\"; it was \"\(old)\""
        }
    }
}

extension Catalogue {
    var compared: [CatalogueRow] { organisations.map(\.row) + entries.map(\.row) + rules.map(\.row) }
}
