internal import ArgumentParser
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Policy
internal import Premises
internal import Vocabulary

struct DutiesVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duties", abstract: "What is owed: notices, reviews, incidents, recalls, files to collect.",
        subcommands: [DutiesListVerb.self, DutiesCloseVerb.self], defaultSubcommand: DutiesListVerb.self)
}

struct DutiesListVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "What is owed, the earliest first. Ends with 1 if nothing is.")

    @OptionGroup var installation: InstallationOptions
    @Option(help: "Only this kind: \(Duty.Kind.allCases.map(\.rawValue).joined(separator: ", ")).") var kind: Duty.Kind?
    @Flag(help: "Those that are closed too.") var all = false
    @Flag(help: "One JSON object a line.") var json = false

    func run() async throws {
        let premises = try installation.premises()
        let duties = try await duties(in: LedgerAtHand(premises), WallClock.now())
        guard !duties.isEmpty else {
            Terminal.complain("Nothing is owed.")
            throw Answer.no
        }
        if json {
            for duty in duties { Terminal.say(JSONText.json(duty.json).line) }
        } else {
            table(duties, WallClock.now()).show()
            showSkipped(duties, try? LawFiles.catalogue(premises.folders))
        }
    }

    /// In whole sentences: a column would cut them.
    private func showSkipped(_ duties: [Duty], _ catalogue: Catalogue?) {
        let told = duties.compactMap { duty in ReviewWords.skipped(duty, catalogue).map { (duty, $0) } }
        guard !told.isEmpty else { return }
        Terminal.say(Terminal.paint("\nWhat emergencies did not wait for, to be reviewed", .bold))
        for (duty, words) in told { Terminal.say("  \(Words.short(duty.id)): \(Terminal.clean(words))") }
        Terminal.say("  Then: waybill duties close ID --because \"what was found, and which law allowed it\"")
    }

    /// The daemon's own errands are shown when asked for, and files to be collected once they are late.
    private func duties(in ledger: LedgerAtHand, _ now: Instant) async throws -> [Duty] {
        var filter = DutyFilter()
        filter.kinds = kind.map { [$0] }
        if !all { filter.states = [.open, .deferred] }
        guard !all, kind == nil else { return try await ledger.reader.duties(filter, limit: 100_000) }
        filter.kinds = Set(Duty.Kind.allCases).subtracting(Duty.Kind.errands).subtracting([.collection])
        var late = DutyFilter.open(.collection)
        late.dueBefore = now
        let owed = try await ledger.reader.duties(filter, limit: 100_000)
        return (owed + (try await ledger.reader.duties(late, limit: 10_000))).sorted { $0.next < $1.next }
    }

    private func table(_ duties: [Duty], _ now: Instant) -> Table {
        var table = Table([
            .init("ID (END)"), .init("WHAT"), .init("BY (UTC)"), .init("STATE"), .init("PARTNER"),
            .init("CONSIGNMENT"), .init("ABOUT", most: 30), .init("MORE", most: Terminal.isScreen ? 50 : 0),
        ])
        for duty in duties {
            let isLate = duty.isOpen && duty.next < now
            table.add([
                Words.short(duty.id), duty.kind.rawValue, Words.moment(duty.next),
                isLate ? "LATE" : duty.state.rawValue, duty.consignment.partner.text,
                Words.short(duty.consignment.id), duty.subject ?? "",
                duty.because ?? duty.facts["what"] ?? duty.facts["statement"] ?? "",
            ])
        }
        return table
    }
}

struct DutiesCloseVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Say that a review, an incident or a correction has been dealt with.",
        discussion: """
            For an incident say what happened, what it led to, what was done, and whether the regulator and the people \
            concerned were told or why not (UK GDPR 33(5), DPA 2018 s.67(6)). Notices: waybill notices close.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The duty's id, or at least 8 characters of its beginning or end.") var id: String
    @Option(help: "What was done; - reads it from standard input.") var because: String

    func run() async throws {
        let premises = try installation.premises()
        let duty = try await DutyAtHand(premises).find(id)
        let decision = try Decision(because)
        _ = try await Officer(premises).ask(.closeDuty(id: duty.id, because: decision.because))
        Terminal.complain("Closed. It stands in the ledger: waybill ledger show \(Words.short(duty.consignment.id))")
    }
}

extension Duty.Kind: ExpressibleByArgument {
    var words: String {
        switch self {
        case .notice: "notices to people (Article 14)"
        case .review: "reviews of emergencies"
        case .incident: "incidents"
        case .recall: "answers to our recalls"
        case .recalled: "recalls that wait for our answer"
        case .correction: "corrections under way"
        case .corrected: "corrections to take in"
        case .post: "statements to be handed over"
        case .news: "news for partners, such as that a file was collected"
        case .collection: "received files to be collected"
        case .uncollected: "sent files that nobody there collects"
        }
    }
}
