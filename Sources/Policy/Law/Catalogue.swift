package import Vocabulary

/// The dated vocabulary of law. Everything is looked up for a day, so that an old decision is never judged under new
/// law.
package struct Catalogue: Hashable, Sendable {
    package let version: String
    /// Of the file's bytes.
    package let sha256: Digest
    package let rows: Rows
    private let places: [Place: [CatalogueEntry]]
    private let agencies: [AgencyID: Organisation]

    /// All that it holds.
    package struct Rows: Hashable, Sendable {
        package var entries: [CatalogueEntry]
        package var organisations: [Organisation]
        package var rules: [RuleEntry]
        /// Of England and Wales, which a period of law may not end on.
        package var bankHolidays: Set<CalendarDate>

        package init(
            entries: [CatalogueEntry] = [], organisations: [Organisation] = [], rules: [RuleEntry] = [],
            bankHolidays: Set<CalendarDate> = []
        ) {
            self.entries = entries
            self.organisations = organisations
            self.rules = rules
            self.bankHolidays = bankHolidays
        }
    }

    package init(version: String, sha256: Digest, _ rows: Rows = Rows()) {
        self.version = version
        self.sha256 = sha256
        self.rows = rows
        places = Dictionary(grouping: rows.entries) { Place(kind: $0.kind, id: $0.id) }
        agencies = Dictionary(rows.organisations.map { ($0.id, $0) }) { first, _ in first }
    }

    package var entries: [CatalogueEntry] { rows.entries }
    package var organisations: [Organisation] { rows.organisations }
    package var rules: [RuleEntry] { rows.rules }
    package var bankHolidays: Set<CalendarDate> { rows.bankHolidays }

    /// Of the same name, with other rows.
    package func with(_ change: (inout Rows) throws -> Void) rethrows -> Catalogue {
        var rows = rows
        try change(&rows)
        return Catalogue(version: version, sha256: sha256, rows)
    }

    private struct Place: Hashable {
        let kind: CatalogueEntry.Kind
        let id: String
    }

    package var pinned: Label.Pinned { Label.Pinned(id: "", version: version, sha256: sha256) }

    /// What an id means on a day.
    package func standing(_ id: String, _ kind: CatalogueEntry.Kind, on date: CalendarDate) -> Standing {
        let rows = places[Place(kind: kind, id: id)] ?? []
        guard let row = rows.first(where: { $0.covers(date) }) else { return outside(rows, date) }
        switch row.status {
        case .inForce, .unverified: return .inForce(row)
        case .enactedNotInForce: return .notCommenced(row)
        case .ended: return .ended(row)
        }
    }

    /// The entry, if it may be relied on that day.
    package func entry(_ id: String, _ kind: CatalogueEntry.Kind, on date: CalendarDate) -> CatalogueEntry? {
        guard case .inForce(let entry) = standing(id, kind, on: date) else { return nil }
        return entry
    }

    /// The same of several kinds: the first kind that knows the id.
    package func standing(_ id: String, of kinds: [CatalogueEntry.Kind], on date: CalendarDate) -> Standing {
        for kind in kinds where places[Place(kind: kind, id: id)] != nil { return standing(id, kind, on: date) }
        return .unknown
    }

    package func knows(_ id: String, _ kind: CatalogueEntry.Kind) -> Bool { places[Place(kind: kind, id: id)] != nil }

    package func ids(_ kind: CatalogueEntry.Kind) -> [String] { entries.filter { $0.kind == kind }.map(\.id) }

    /// The last day that `bankHolidays` speaks for; nil where it names none.
    package var bankHolidaysUntil: CalendarDate? {
        bankHolidays.max().map { CalendarDate(year: $0.parts.year, month: 12, day: 31) }
    }

    /// What the regulator is called on a day.
    package func regulator(on date: CalendarDate) -> String? {
        entries.first { $0.kind == .regulator && $0.covers(date) }?.label
    }

    package func organisation(_ id: AgencyID) -> Organisation? { agencies[id] }

    /// What lifts these handling tags on a day, each row once: whoever reviews an emergency names one.
    package func exceptions(to tags: [String], on date: CalendarDate) -> [CatalogueEntry] {
        entries.filter { entry in
            entry.kind == .barException && entry.facts.lifts.contains(where: tags.contains)
                && self.entry(entry.id, .barException, on: date) == entry
        }
    }

    /// Who does the work of an organisation that has ended: the last of the line of successors. Nil if it has not ended,
    /// which only a row says that is `ended`, dated and names a successor.
    package func heir(of id: AgencyID, on date: CalendarDate) -> Organisation? {
        var (line, heir) = ([id], Organisation?.none)
        while let row = agencies[line[line.count - 1]], row.hasEnded(before: date), let next = row.successor,
            !line.contains(next), let found = agencies[next]
        {
            line.append(next)
            heir = found
        }
        return heir
    }

    /// What the law says a rule is called and does on a day.
    package func rule(_ id: String, on date: CalendarDate) -> RuleStanding {
        let rows = rules.filter { $0.id == id }
        guard !rows.isEmpty else { return .missing }
        return rows.first { $0.covers(date) }.map(RuleStanding.inForce) ?? .outsideItsDates
    }

    /// A purpose and the purposes that it is part of, nearest first.
    package func lineage(ofPurpose id: String, on date: CalendarDate) -> [String] {
        var (lineage, next) = ([String](), Optional(id))
        while let id = next, !lineage.contains(id) {
            lineage.append(id)
            next = entry(id, .purpose, on: date)?.facts.parent
        }
        return lineage
    }

    private func outside(_ rows: [CatalogueEntry], _ date: CalendarDate) -> Standing {
        if let past = rows.filter({ $0.validTo.map { $0 < date } ?? false }).last { return .ended(past) }
        if let future = rows.first { return .notYet(future) }
        return .unknown
    }
}

/// Whether a rule applies on one day.
package enum RuleStanding: Hashable, Sendable {
    case inForce(RuleEntry)
    /// Not yet, or no longer, law.
    case outsideItsDates
    case missing
}

/// What an id of the catalogue means on one day.
package enum Standing: Hashable, Sendable {
    case inForce(CatalogueEntry)
    /// Its first day is still to come.
    case notYet(CatalogueEntry)
    case ended(CatalogueEntry)
    /// Enacted, and no commencement known.
    case notCommenced(CatalogueEntry)
    case unknown

    /// In words that follow an id: "`A6-1-x` is not in the catalogue".
    package var words: String {
        switch self {
        case .inForce: "is in force"
        case .notYet(let entry): "is not in force before \(entry.validFrom.map(\.description) ?? "a later date")"
        case .ended(let entry): "ended on \(entry.validTo.map(\.description) ?? "an earlier date")"
        case .notCommenced: "is enacted but not yet in force"
        case .unknown: "is not in the catalogue"
        }
    }
}
