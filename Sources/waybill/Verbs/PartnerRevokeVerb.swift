internal import ArgumentParser
internal import Premises
internal import Vocabulary

struct PartnerRevokeVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End the exchange with a partner at once, because it is no longer trusted.",
        discussion: """
            Connections are cut in the middle of a file, nothing of theirs is taken any more, and what is on its way to them \
            goes to held/ with the reason. It is remembered: adding them again says that they were revoked, when, by whom \
            and why. `partner remove` in contrast forgets a partner, and what waits for it waits. What was exchanged \
            stays, in the inbox and in the ledger.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The partner's id.", transform: AgencyID.init) var id: AgencyID
    @Option(help: "Why. It stays in our ledger.") var because: String

    func validate() throws {
        guard (1...500).contains(because.utf8.count) else { throw ValidationError("--because takes 1 to 500 bytes.") }
        try Decision.requirePlain(because)
    }

    func run() async throws {
        let request = ControlRequest.revokePartner(id: id, because: because)
        _ = try await Officer(installation.premises()).ask(request) { agency, account, now in
            _ = try await agency.partners.revoke(id, because: because, by: account, at: now)
            return [:]
        }
        Terminal.complain("Revoked \(id). Nothing is sent to it or taken from it. What was on its way is in held/.")
    }
}
