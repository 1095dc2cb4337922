internal import ArgumentParser
internal import Premises
internal import Vocabulary

struct RecallVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recall", abstract: "Take back what was sent, and say why.",
        discussion: """
            What has not left never leaves and comes to held/. Otherwise the recipient is asked, in a signed statement, to \
            destroy it, and owes a signed answer: waybill duties list. After a delivery an incident is opened, because the \
            wrong file or the wrong recipient may have to be reported within 72 hours.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The id, or at least 8 characters of its beginning or end.") var id: String
    @Option(help: "Your reason. The recipient reads it: no names; - reads it from standard input.") var because: String

    func run() async throws {
        let (id, answer) = try await Decision(because).tell(ControlRequest.recall, id, installation, of: .sent)
        if answer["asked"]?.isTrue == true {
            Terminal.complain(
                "Recalled. The recipient is being asked to destroy it: waybill ledger show \(Words.short(id))")
        } else {
            Terminal.complain("Recalled. Nothing of it had left; the file lies in held/.")
        }
    }
}
