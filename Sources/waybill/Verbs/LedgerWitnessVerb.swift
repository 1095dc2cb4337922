internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

struct LedgerWitnessVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness", abstract: "Who last saw what of our ledger, and we of theirs.",
        discussion: """
            Partners countersign each other's ledgers after every exchange. A partner's ledger that contradicts what it \
            showed before is an incident; both signed checkpoints are kept. --seen PARTNER takes its alarm away once a \
            person has dealt with it.
            """)

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "One JSON object.") var json = false
    @Option(help: "You have dealt with the alarm about this partner's ledger.", transform: AgencyID.init)
    var seen: AgencyID?
    @Option(help: "With --seen: what you found; - reads it from standard input.") var because: String?

    func validate() throws {
        if (seen == nil) != (because == nil) { throw ValidationError("--seen and --because go together.") }
    }

    func run() async throws {
        if let seen, let because {
            let why = try Decision(because).because
            _ = try await Officer(installation.premises()).ask(.witnessSeen(partner: seen, because: why))
            return Terminal.complain("Recorded. The alarm about the ledger of \(seen) is gone; the evidence stays.")
        }
        let premises = try installation.premises()
        let account = try await WitnessAccount(
            LedgerAtHand(premises).reader, PartnerFiles(folder: premises.folders.partners))
        if json { Terminal.say(account.json.line) } else { account.show() }
    }
}

/// Who vouches for our ledger and what we have seen of others', as the ledger file tells it.
struct WitnessAccount {
    private struct Incident {
        let partner: AgencyID
        let at: Instant
        let facts: JSON
    }

    private let origin: String
    private let size: Int64
    private let ours: [Countersigned]
    private let theirs: [WitnessedHead]
    private var incidents: [Incident] = []
    /// Who could countersign and has not.
    private let never: [AgencyID]

    init(_ reader: LedgerReader, _ files: PartnerFiles) async throws {
        origin = reader.origin.description
        size = try await reader.size()
        let ours = try await reader.newestCountersigned()
        (self.ours, theirs) = (ours, try await reader.witnessed())
        let partners = try files.load().partners.map(\.id)
        never = partners.filter { id in !ours.contains { $0.partner == id } }.sorted()
        for id in Set(partners + theirs.map(\.partner)).sorted() {
            for event in try await reader.agencyEvents([.incident], of: id) {
                guard let facts = try event.detail.map({ try EventDetail(parsing: $0).facts }),
                    facts["held"] != nil || facts["what"]?.string == "witness-seen"
                else { continue }
                incidents.append(Incident(partner: id, at: event.leaf.at, facts: facts))
            }
        }
    }

    private func uncovered(_ checkpoint: Countersigned) -> Int64 { max(0, size - checkpoint.size) }

    var json: JSONText {
        let ours = ours.map { checkpoint in
            JSONText.object([
                ("partner", .text(checkpoint.partner.text)), ("size", .number(checkpoint.size)),
                ("at", .time(checkpoint.at)), ("uncovered", .number(uncovered(checkpoint))),
                ("note", .text(checkpoint.note)),
            ])
        }
        let theirs = theirs.map { head in
            JSONText.object([
                ("partner", .text(head.partner.text)), ("origin", .text(head.checkpoint.origin)),
                ("size", .number(head.checkpoint.size)), ("root", .text(head.checkpoint.root.hex)),
                ("at", .time(head.at)), ("note", .text(head.note)),
            ])
        }
        let incidents = incidents.map { incident in
            JSONText.object([
                ("partner", .text(incident.partner.text)), ("at", .time(incident.at)), ("facts", .json(incident.facts)),
            ])
        }
        return .object([
            ("origin", .text(origin)), ("size", .number(size)), ("ours", .array(ours)), ("theirs", .array(theirs)),
            ("incidents", .array(incidents)),
        ])
    }

    func show() {
        Terminal.say("Our ledger \(origin) has \(size) events. Countersigned by (their clock, UTC):")
        var table = Table([.init("partner"), .init("when"), .init("events", .right), .init("not yet covered", .right)])
        for checkpoint in ours {
            table.add([
                checkpoint.partner.text, Words.moment(checkpoint.at), String(checkpoint.size),
                String(uncovered(checkpoint)),
            ])
        }
        for id in never { table.add([id.text, "never", "0", String(size)]) }
        table.show(indent: "  ")
        Terminal.say("\nTheir ledgers, as we last saw and countersigned them (UTC):")
        var seen = Table([.init("partner"), .init("when"), .init("events", .right), .init("ledger")])
        for head in theirs {
            seen.add([
                head.partner.text, Words.moment(head.at), String(head.checkpoint.size),
                String(head.checkpoint.origin.suffix(36)),
            ])
        }
        seen.show(indent: "  ")
        for incident in incidents { show(incident) }
    }

    private func show(_ incident: Incident) {
        let what = Terminal.clean(incident.facts["what"]?.string ?? "")
        Terminal.say(
            Terminal.paint("\n\(Words.moment(incident.at))  \(incident.partner)  \(what)", .red)
                + (incident.facts["because"]?.string.map { ": \(Terminal.clean($0))" } ?? ""))
        for (title, name) in [("we held", "held"), ("it showed", "shown")] {
            guard let note = incident.facts[name]?.string else { continue }
            Terminal.say("  \(title):")
            for line in note.split(separator: "\n") { Terminal.say("    \(Terminal.clean(String(line)))") }
        }
    }
}
