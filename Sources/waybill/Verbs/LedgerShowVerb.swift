internal import ArgumentParser
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Vocabulary

struct LedgerShowVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The whole history of one consignment.",
        discussion: """
            --json adds the label and all events: {seq, at, kind, body}. A body holds the facts and, where something was \
            signed, `statement` (what it says) and `p7s` (the signed bytes in base64, for openssl). A body is null once \
            retention has erased it.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The id, or at least 8 characters of its beginning or end.") var id: String
    @Flag(help: "One JSON object a line.") var json = false

    func run() async throws {
        let premises = try installation.premises()
        let ledger = try LedgerAtHand(premises)
        for record in try await ledger.find(id) {
            let events = try await ledger.reader.events(of: record.key)
            let covering = try await ledger.reader.countersigned(covering: (events.last?.seq ?? 0) + 1, limit: 3)
            let history = History(record: record, events: events, countersigned: covering)
            if json {
                Terminal.say(history.json.line)
            } else {
                history.show(catalogue: try? LawFiles.catalogue(premises.folders))
            }
        }
    }
}
