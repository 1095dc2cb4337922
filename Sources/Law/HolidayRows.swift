internal import Policy
internal import Vocabulary
internal import Yams

/// `bank-holidays:` of England and Wales, as days.
enum HolidayRows {
    static func read(_ top: Section) -> Set<CalendarDate> {
        var days = Set<CalendarDate>()
        for node in top.list("bank-holidays") ?? [] {
            guard let day = node.scalar.flatMap({ try? CalendarDate($0.string) }) else {
                top.log.error(
                    "\"bank-holidays\" must hold days", hint: "write a real day like 2026-12-25", at: node.position)
                continue
            }
            if day.isWeekend {
                top.log.error(
                    "\(day) is a Saturday or Sunday", hint: "write the substitute day that gov.uk names",
                    at: node.position)
            }
            if !days.insert(day).inserted {
                top.log.error("\(day) stands twice in bank-holidays", hint: "keep one", at: node.position)
            }
        }
        return days
    }
}

/// `law-changes:` name rows of this file.
enum ChangeRows {
    static func check(_ entries: [CatalogueEntry], _ organisations: [Organisation], _ top: Section) {
        let known = Set(entries.map(\.id) + organisations.map(\.id.text))
        for change in entries where change.kind == .change {
            for id in change.facts.touches where !known.contains(id) {
                let near = Nearest.word(to: id, among: Array(known))
                top.log.error(
                    "\"\(change.id)\" touches \"\(id)\", which is not in the catalogue",
                    hint: near.map { "did you mean \"\($0)\"?" } ?? "remove it",
                    at: top.mark(of: CatalogueEntry.Kind.change.rawValue))
            }
        }
    }
}
