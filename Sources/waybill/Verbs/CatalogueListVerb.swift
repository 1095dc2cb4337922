internal import ArgumentParser
internal import Folders
internal import Policy
internal import Vocabulary

struct CatalogueListVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Every organisation, word of law and rule, and how it stands on a day.",
        discussion: "Without an installation: the catalogue that Waybill ships. Ends with 1 if nothing fits.")

    @OptionGroup var installation: InstallationOptions
    @Option(help: "A day such as 2026-04-01 (else today in England).", transform: CalendarDate.init)
    var on: CalendarDate?
    @Option(
        help: "One list only, such as organisations, purposes, article-6 or rules.", completion: .list(lists),
        transform: Self.list)
    var kind: String?
    @Flag(help: "Only what may be relied on that day.") var inForce = false
    @Flag(help: "One JSON object a line.") var json = false

    static let lists = ["organisations"] + CatalogueEntry.Kind.allCases.map(\.rawValue) + ["rules"]

    func run() throws {
        let catalogue = try LawAtHand.catalogue(installation)
        let day = on ?? WallClock.now().londonDate
        let rows = catalogue.listing(on: day).filter { row in
            (kind == nil || kind == row.kind) && (!inForce || row.isInForce)
        }
        guard !rows.isEmpty else {
            Terminal.complain("Nothing in the catalogue fits.")
            throw Answer.no
        }
        if json {
            for row in rows { Terminal.say(JSONText.object(Self.members(row, catalogue, day)).line) }
        } else {
            Self.table(rows, catalogue, day).show()
        }
        Terminal.complain("Catalogue \(catalogue.version), SHA-256 \(catalogue.sha256.hex)")
    }

    private static func table(
        _ rows: [CatalogueListing], _ catalogue: Catalogue, _ day: CalendarDate
    ) -> Table {
        var table = Table([
            .init("LIST"), .init("ID"), .init("ON \(day)"), .init("CITATION", most: Terminal.isScreen ? 40 : 0),
            .init("MEANS", most: Terminal.isScreen ? 100 : 0),
        ])
        for row in rows {
            let standing = row.isVerified ? row.standing : "\(row.standing), unverified"
            let label = row.label + (GroundWords.of(row, catalogue, on: day).map { " [\($0)]" } ?? "")
            table.add([row.kind, row.id, standing, row.citation, label], row.isInForce ? nil : .dim)
        }
        return table
    }

    private static func members(
        _ row: CatalogueListing, _ catalogue: Catalogue, _ day: CalendarDate
    ) -> [(String, JSONText)] {
        [
            ("list", .text(row.kind)), ("id", .text(row.id)), ("label", .text(row.label)),
            ("citation", .text(row.citation)), ("standing", .text(row.standing)),
            ("validFrom", .text(row.validFrom?.description)), ("validTo", .text(row.validTo?.description)),
            ("on", .text(day.description)), ("inForce", .flag(row.isInForce)), ("verified", .flag(row.isVerified)),
            ("asks", .text(GroundWords.of(row, catalogue, on: day))),
        ]
    }

    private static func list(_ text: String) throws -> String {
        guard lists.contains(text) else {
            throw ValidationError("known are " + lists.joined(separator: ", "))
        }
        return text
    }
}
