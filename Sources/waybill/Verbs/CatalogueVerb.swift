internal import ArgumentParser
internal import Daemon
internal import Folders
internal import Policy
internal import Settings
internal import Vocabulary

struct CatalogueVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue", abstract: "The dated vocabulary of law.", subcommands: [CatalogueListVerb.self])
}

struct CatalogueListVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Every word that labels may use, and whether it may be relied on.")

    @OptionGroup var installation: InstallationOptions
    @Option(
        help: "A day such as 2026-04-01 (else today in England): only what is in force then.",
        transform: CalendarDate.init)
    var on: CalendarDate?
    @Option(
        help: "One list only, such as purposes or article-6.",
        completion: .list(CatalogueEntry.Kind.allCases.map(\.rawValue)), transform: Self.kind)
    var kind: CatalogueEntry.Kind?
    @Flag(help: "One JSON object a line.") var json = false

    func run() throws {
        let catalogue = try LawShelf.catalogue(installation.premises().folders)
        let day = on ?? WallClock.now().londonDate
        let entries = catalogue.entries.filter { entry in
            (kind.map { $0 == entry.kind } ?? true)
                && (on == nil || catalogue.entry(entry.id, entry.kind, on: day) == entry)
        }
        guard !entries.isEmpty else {
            Terminal.complain("Nothing in the catalogue fits.")
            throw Answer.no
        }
        var table = Table([
            .init("LIST"), .init("ID"), .init("ON \(day)"), .init("CITATION"),
            .init("MEANS", most: Terminal.isScreen ? 70 : 0),
        ])
        for entry in entries {
            if json {
                Terminal.say(JSONText.object(members(entry, catalogue, day)).line)
            } else {
                table.add([entry.kind.rawValue, entry.id, word(entry, day), entry.citation, entry.label])
            }
        }
        if !json { table.show() }
        Terminal.complain("Catalogue \(catalogue.version), SHA-256 \(catalogue.sha256.hex)")
    }

    private func members(_ entry: CatalogueEntry, _ catalogue: Catalogue, _ day: CalendarDate) -> [(String, JSONText)] {
        [
            ("list", .text(entry.kind.rawValue)), ("id", .text(entry.id)), ("label", .text(entry.label)),
            ("citation", .text(entry.citation)), ("status", .text(entry.status.rawValue)),
            ("validFrom", .text(entry.validFrom?.description)), ("validTo", .text(entry.validTo?.description)),
            ("on", .text(day.description)), ("inForce", .flag(word(entry, day) == "in force")),
        ]
    }

    /// Of this very entry: a word whose law changed has one entry a period.
    private func word(_ entry: CatalogueEntry, _ day: CalendarDate) -> String {
        guard entry.covers(day) else { return entry.validFrom.map { day < $0 } ?? false ? "not yet" : "ended" }
        switch entry.status {
        case .inForce, .unverified: return "in force"
        case .enactedNotInForce: return "not commenced"
        case .ended: return "ended"
        }
    }

    private static func kind(_ text: String) throws -> CatalogueEntry.Kind {
        guard let kind = CatalogueEntry.Kind(rawValue: text) else {
            throw ValidationError("known are " + CatalogueEntry.Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return kind
    }
}
