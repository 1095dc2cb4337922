internal import Exchange
package import Folders
internal import Ledger
internal import Logging
internal import Settings
package import Vocabulary

/// Empties sent/ of what is older than the settings say: the folders of one day, the oldest, and once a day. Whatever it
/// is that goes wrong with clocks or settings, people have days to notice it.
package struct SentDays: Sendable {
    /// Which day of ours it was when some were emptied last.
    static let memory = "sent/emptied"
    private let wiring: Wiring

    init(_ wiring: Wiring) { self.wiring = wiring }

    func empty() async {
        let (office, sent) = (wiring.office, wiring.premises.folders.sent)
        let oldest = office.now().adding(seconds: -Int64(office.rules.sentRetention)).date
        let today = office.now().date.description
        do {
            guard try await office.ledger.remembered(Self.memory) != today else { return }
            guard let day = try await Blocking.run({ try Self.first(before: oldest, in: Folder(sent)) }) else { return }
            try await office.ledger.remember(Self.memory, today)
            try await Blocking.run { try Self.empty(day, in: Folder(sent)) }
            office.log.notice("sent/ emptied", metadata: ["day": "\(day)"])
        } catch {
            office.log.notice("sent/ not emptied", metadata: ["why": "\(error)"])
        }
    }

    /// The first day before `oldest` of which there is a folder `PARTNER/ROUTE/DATE`.
    package static func first(before oldest: CalendarDate, in sent: Folder) throws -> CalendarDate? {
        var first: CalendarDate?
        try each(in: sent) { _, _, date in
            if date < first ?? oldest { first = date }
        }
        return first
    }

    /// Removes the folders of this day with all that is in them.
    package static func empty(_ day: CalendarDate, in sent: Folder) throws {
        try each(in: sent) { days, name, date in
            guard date == day else { return }
            let folder = try days.subfolder(name)
            for file in try folder.entries() { try folder.remove(file) }
            try days.removeSubfolder(name)
        }
    }

    private static func each(
        in sent: Folder, _ body: (_ days: Folder, FileName, CalendarDate) throws -> Void
    ) throws {
        for partner in try sent.entries() {
            guard let routes = try? sent.subfolder(partner) else { continue }
            for route in try routes.entries() {
                guard let days = try? routes.subfolder(route) else { continue }
                for name in try days.entries() {
                    guard let text = name.text, let date = try? CalendarDate(text) else { continue }
                    try body(days, name, date)
                }
            }
        }
    }
}
