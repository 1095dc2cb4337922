internal import ArgumentParser
internal import Folders
internal import Ledger
internal import Premises
internal import Reports
internal import Vocabulary

struct LedgerListVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Consignments, newest first.",
        discussion: """
            All conditions given must hold. Times: a day in England (2026-11-22; --until takes the whole day in), a time \
            (2026-11-22T10:55:42Z), or so long ago (90m, 24h, 7d). --name takes * ? [...]; case does not matter, nor how \
            accents are written. A file that we recalled and its recipient keeps has the state `retained`. \
            --json adds `later`: what either side has said since, oldest first, such as handover/v1 (collected). \
            The table shows the end of each id, which is enough to type elsewhere. Ends with 1 if nothing fits.
            """)

    @OptionGroup var installation: InstallationOptions
    @Option(help: "Sent to or received from this agency.", transform: AgencyID.init) var partner: AgencyID?
    @Option(help: "sent or received.", completion: .list(Direction.allCases.map(\.rawValue)), transform: Self.direction)
    var direction: Direction?
    @Option(
        name: .customLong("state"), help: "Such as held or delivered; may be given again.",
        completion: .list(RecordFields.states), transform: Self.state) var states: [String] = []
    @Option(help: "Not before this time.") var since: String?
    @Option(help: "Before this time; a day is taken in whole.") var until: String?
    @Option(name: .customLong("case"), help: "A case reference of the label.") var reference: String?
    @Option(help: "SHA-256 of the file.", transform: { try Digest(hex: $0.lowercased()) }) var sha256: Digest?
    @Option(help: "Pattern of the file's name, such as 'minutes*.pdf'.") var name: String?
    @Option(help: "At most so many (a terminal shows 100 unless told).") var limit: Int?
    @Flag(help: "One JSON object a line.") var json = false
    @Flag(help: "Comma-separated values with a title line.") var csv = false

    func validate() throws {
        if json, csv { throw ValidationError("Choose --json or --csv.") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
    }

    func run() async throws {
        let ledger = try LedgerAtHand(installation.premises())
        let most = limit ?? (Terminal.isScreen && !json && !csv ? 100 : Int.max)
        var (count, isMore) = (0, false)
        var table = RecordFields.table()
        if csv { Terminal.say(CSV.line(RecordFields.names)) }
        try await ledger.each(filter()) { record in
            let fields = RecordFields(record: record, recall: try await ledger.recall(of: record))
            guard states.isEmpty || states.contains(fields.state) else { return true }
            if count == most { isMore = true } else { try await show(fields, ledger, in: &table) }
            count += isMore ? 0 : 1
            return !isMore
        }
        if count == 0 { return try nothing() }
        if !table.isEmpty { table.show() }
        if isMore {
            Terminal.complain("There are more: --limit N, or narrow it with --since, --partner, --state, --name.")
        }
    }

    private func show(_ fields: RecordFields, _ ledger: LedgerAtHand, in table: inout Table) async throws {
        if json {
            let later = try await ledger.later(fields.record.key).map { JSONText.json(.object($0.facts)) }
            return Terminal.say(JSONText.object(fields.members + [("later", .array(later))]).line)
        }
        if csv { return Terminal.say(CSV.line(fields.cells)) }
        table.add(fields.row)
    }

    private func nothing() throws {
        Terminal.complain("Nothing in the ledger fits.")
        throw Answer.no
    }

    private func filter() throws -> LedgerFilter {
        var filter = try TimeText.filter(since: since, until: until, now: WallClock.now())
        (filter.partner, filter.direction) = (partner, direction)
        (filter.caseReference, filter.sha256, filter.likeName) = (reference, sha256, name)
        // What is kept was recalled: the recipient's answer tells them apart.
        filter.states = states.isEmpty ? nil : Set(states.map { ConsignmentState(rawValue: $0) ?? .recalled })
        return filter
    }

    private static func direction(_ text: String) throws -> Direction {
        guard let direction = Direction(rawValue: text) else { throw ValidationError("write sent or received") }
        return direction
    }

    private static func state(_ text: String) throws -> String {
        guard RecordFields.states.contains(text) else {
            throw ValidationError("known are " + RecordFields.states.joined(separator: ", "))
        }
        return text
    }
}
