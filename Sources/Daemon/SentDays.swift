package import Exchange
internal import Folders
internal import Ledger
internal import Logging
package import Vocabulary

/// Empties sent/ of what is older than the settings say: the folders of one day, the oldest, and once a day. Whatever it
/// is that goes wrong with clocks or settings, people have days to notice it.
package struct SentDays: Sendable {
    /// Which day of ours it was when some were emptied last.
    static let memory = "sent/emptied"
    private let wiring: Wiring

    init(_ wiring: Wiring) { self.wiring = wiring }

    func empty() async {
        let (agency, layout) = (wiring.agency, wiring.agency.layout)
        let oldest = agency.clock.now().adding(seconds: -Int64(agency.rules.sentRetention)).date
        let today = agency.clock.now().date.description
        do {
            guard try await agency.ledger.remembered(Self.memory) != today else { return }
            guard let day = try await Blocking.run({ try Self.first(before: oldest, in: layout) }) else { return }
            try await agency.ledger.remember(Self.memory, today)
            try await Blocking.run { try Self.empty(day, in: layout) }
            agency.log.notice("sent/ emptied", metadata: ["day": "\(day)"])
        } catch {
            agency.log.notice("sent/ not emptied", metadata: ["why": "\(error)"])
        }
    }

    /// The first day before `oldest` of which there is a folder `PARTNER/ROUTE/DATE`.
    package static func first(before oldest: CalendarDate, in layout: Layout) throws -> CalendarDate? {
        var first: CalendarDate?
        try each(in: layout) { _, _, date in
            if date < first ?? oldest { first = date }
        }
        return first
    }

    /// Removes the folders of this day with all that is in them.
    package static func empty(_ day: CalendarDate, in layout: Layout) throws {
        try each(in: layout) { days, way, date in
            guard date == day, let folder = try? layout.existing(.sent, way),
                let name = way.last.flatMap({ FileName($0) })
            else { return }
            for file in try folder.entries() { try folder.remove(file) }
            try days.removeSubfolder(name)
        }
    }

    /// Where the place is surely ours.
    private static func each(
        in layout: Layout, _ way: [String] = [],
        _ body: (_ days: Folder, _ way: [String], CalendarDate) throws -> Void
    ) throws {
        guard let folder = try? layout.existing(.sent, way) else { return }
        for text in try folder.entries().compactMap(\.text) {
            if way.count < 2 {
                try each(in: layout, way + [text], body)
            } else if let date = try? CalendarDate(text) {
                try body(folder, way + [text], date)
            }
        }
    }
}
