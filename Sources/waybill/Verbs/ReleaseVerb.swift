internal import ArgumentParser
internal import Premises
internal import Vocabulary

struct ReleaseVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Send a held file all the same, and say why.",
        discussion: """
            You have read why it is held (waybill held show ID) and answer for it: your account and your reason stand in \
            the ledger, and your account in the label that the recipient gets. What is blocked cannot be released.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The id, or at least 8 characters of its beginning or end.") var id: String
    @Option(help: "Your reason; - reads it from standard input.") var because: String

    func run() async throws {
        let decision = try Decision(because)
        let (id, _) = try await decision.tell(ControlRequest.release, id, installation)
        Terminal.complain("Released. It is signed and on its way: waybill ledger show \(Words.short(id))")
    }
}
