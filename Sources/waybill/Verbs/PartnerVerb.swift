internal import ArgumentParser
internal import Daemon
internal import Exchange
internal import Folders
internal import Foundation
internal import Settings
internal import Vocabulary

struct PartnerVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partner", abstract: "The agencies that files are exchanged with.", subcommands: [PartnerAdd.self])
}

struct PartnerAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a partner, or take its newer card.")

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The partner's card.") var card: String
    @Option(help: "Fingerprint of the partner's identity, as they told you by another way.") var fingerprint: String

    func run() async throws {
        let premises = try installation.premises()
        let bytes = try FileSystem.read(Premises.absolute(card))
        let pinned = try Fingerprint(hex: fingerprint.lowercased())
        let request: [String: JSON] = [
            "card": .string(Data(bytes).base64EncodedString()), "fingerprint": .string(pinned.hex),
            "verb": .string("partner-add"),
        ]
        let answer = try await Officer(premises).ask(request) { desk, account, now in
            let partner = try await desk.partners.add(bytes, pinned: pinned, by: account, at: now)
            return ["id": .string(partner.id.text)]
        }
        Terminal.complain("Added \(answer.string("id")). Its outbox appears under \(premises.folders.outbox).")
    }
}
