internal import ArgumentParser
internal import Premises
internal import Vocabulary

struct PartnerRemoveVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Exchange nothing more with a partner; its open connections are closed.",
        discussion: "What was exchanged stays in the ledger. Files on their way to it wait until it is added again.")

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The partner's id.", transform: AgencyID.init) var id: AgencyID

    func run() async throws {
        let premises = try installation.premises()
        _ = try await Officer(premises).ask(.removePartner(id: id)) { agency, account, now in
            try await agency.partners.remove(id, by: account, at: now)
            return [:]
        }
        Terminal.complain("Removed \(id). Nothing more is sent to it or taken from it.")
    }
}
