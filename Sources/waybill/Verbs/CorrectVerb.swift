internal import ArgumentParser
internal import Ledger
internal import Premises
internal import Vocabulary

struct CorrectVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct", abstract: "Send a new version to everybody who got the old one.",
        discussion: """
            Drops the new file into the outbox of each recipient of the old one, with a side-car that says what it takes \
            the place of, and carries over what people had said of the old one. Each recipient is also told in a signed \
            statement that the old version is wrong. What is still missing: waybill duties list --kind correction
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The id of the old version, or at least 8 characters of its beginning or end.") var id: String
    @Option(help: "The new version.", completion: .file()) var file: String
    @Option(help: "What was wrong. The recipients read it: no names; - reads it from standard input.") var because:
        String

    func run() async throws {
        let premises = try installation.premises()
        let because = try Decision(because).because
        let correction = try Correction(premises, InstalledAgency.absolute(file), because)
        var filter = LedgerFilter()
        filter.direction = .sent
        guard let old = try await correction.ledger.find(id, filter).first else { throw Answer.no }
        let recipients = try await correction.recipients(of: old)
        guard !recipients.isEmpty else {
            Terminal.complain(
                "Nobody has the old version from us: it is \(old.state.rawValue). Drop the new file as usual.")
            throw Answer.no
        }
        for record in recipients {
            try await correction.drop(for: record)
            Terminal.say("\(record.key.partner)/\(record.route): dropped, in place of \(Words.short(record.key.id))")
        }
    }
}
