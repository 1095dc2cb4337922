internal import ArgumentParser
internal import Premises
internal import Vocabulary

struct RecoverVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "After a restored backup: have the ledger go on, and fetch back what it lost.",
        discussion: """
            waybilld stands still when a partner has seen more of our ledger than is here. This begins a new ledger epoch, \
            records the gap, fetches the receipts and waybills since the backup from every partner, verifies them, and \
            goes on. Files that were sent already are held. It may be run again if it did not come to its end.
            """)

    @OptionGroup var installation: InstallationOptions
    @Option(help: "What happened, such as which backup was restored; - reads it from standard input.")
    var because: String
    @Flag(help: "Although no partner noticed: a person knows that a backup was put back.") var evenSo = false
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let decision = try Decision(because)
        let request = ControlRequest.recover(because: decision.because, evenSo: evenSo)
        let report = ControlAnswer.done(try await Officer(installation.premises()).ask(request)).json
        if json { return Terminal.say(report.text) }
        RecoveryWords(report).show()
    }
}

/// The report of a recovery, for a person.
struct RecoveryWords {
    private let report: JSON

    init(_ report: JSON) { self.report = report }

    func show() {
        Terminal.say(Terminal.paint("The ledger goes on.", .green))
        Facts([
            ("new origin", report["origin"]?.string), ("lost since", report["since"]?.string),
            ("events lost here", report["gap"]?.integer.map(String.init) ?? "nobody can say"),
        ]).show()
        for partner in report["partners"]?.items ?? [] { show(partner) }
        if case .object(let unreached)? = report["unreached"] {
            for (id, why) in unreached.sorted(by: { $0.key < $1.key }) {
                Terminal.say("\(id): not reached (\(why.string ?? "")). Fetched before exchange with it goes on.")
            }
        }
        for id in report["silent"]?.items ?? [] {
            Terminal.say(
                "\(id.string ?? ""): its road carries no questions. What was waiting for it is held: ask them.")
        }
        Terminal.say("Now look at: waybill held list, waybill status, waybill ledger check")
    }

    private func show(_ partner: JSON) {
        func number(_ name: String) -> Int64 { partner[name]?.integer ?? 0 }
        Terminal.say(
            """
            \(partner["partner"]?.string ?? ""): \(number("sent")) sent and \(number("received")) received came back, \
            \(number("known")) were known, \(number("refused")) statements did not verify
            """)
        let missing = (partner["missing"]?.items ?? []).compactMap(\.string)
        if missing.isEmpty { return }
        Terminal.say(
            "  signed for by us, but no longer in the inbox: ask them to send again, unless somebody took them:")
        for id in missing { Terminal.say("    \(id)") }
    }
}
