internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Premises
internal import Settings
internal import Vocabulary

struct StatusVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "What is waiting, held, on its way, stuck and why, and when it is tried next.",
        discussion: """
            Asks the daemon; while it is down, shows what the ledger knows and says so. Ends with 0 if all is well, 1 if \
            something is wrong (the daemon is down, an alarm stands, something is left in the outbox or has waited for \
            more than a day), 3 if that cannot be told.
            """)

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let premises = try installation.premises()
        var report = try await StatusAtHand(premises).report()
        report["held"] = FolderBytes.json(premises.folders.held)
        report["sent"] = FolderBytes.json(premises.folders.sent)
        report["telephone"] = telephones(premises)
        if json {
            Terminal.say(Self.line(report))
        } else {
            StatusWords(report).show()
        }
        let health = Health(report, at: WallClock.now())
        if health.code != 0 { throw Answer(code: health.code) }
    }

    /// Null for what cannot be told, so that nobody reads it as no.
    static func line(_ report: [String: JSON]) -> String {
        let names = Set(report.keys).union(["counts", "duties", "outbox", "running"]).sorted()
        return JSONText.object(names.map { ($0, report[$0].map(JSONText.json) ?? .null) }).line
    }

    /// Of every partner with a number, as the settings say this moment.
    private func telephones(_ premises: InstalledAgency) -> JSON {
        let known = premises.contacts.theirs.compactMap { id, contacts in
            contacts.words.map { (id.text, JSON.string($0)) }
        }
        return .object(Dictionary(known) { first, _ in first })
    }
}
