internal import ArgumentParser
internal import Daemon
internal import Exchange
internal import Foundation
internal import Settings
internal import Vocabulary

struct PartnerAddVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a partner, or take its newer card.",
        discussion: """
            The card may come by any way. The fingerprint must come by another one, such as a telephone call to a number \
            that you knew before: whoever owns that key is the partner from now on.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The partner's card.", completion: .file()) var card: String
    @Option(help: "Fingerprint of the partner's identity, as they told you by another way.") var fingerprint: String

    func run() async throws {
        guard let pinned = PinText.fingerprint(fingerprint) else {
            throw ValidationError("--fingerprint takes 64 hexadecimal digits: their `waybill card --fingerprint`.")
        }
        let premises = try installation.premises()
        let bytes = try FileSystem.read(Premises.absolute(card))
        let request: [String: JSON] = [
            "card": .string(Data(bytes).base64EncodedString()), "fingerprint": .string(pinned.hex),
            "verb": .string("partner-add"),
        ]
        let answer = try await Officer(premises).ask(request) { desk, account, now in
            let id = try CardDesk.fingerprint(of: bytes).0.id
            let revocation = desk.partners.revocation(of: id)
            let partner = try await desk.partners.add(bytes, pinned: pinned, by: account, at: now)
            return ["id": .string(partner.id.text), "revoked": .string(revocation?.words ?? "")]
        }
        let id = answer.string("id")
        if !answer.string("revoked").isEmpty {
            Terminal.complain("\(id) was not trusted before. \(Terminal.clean(answer.string("revoked")))")
        }
        Terminal.complain("Added \(id). Its outbox appears under \(premises.folders.outbox).")
        guard let partner = try? AgencyID(id), premises.settings.partner(partner).transport == .folder else { return }
        Terminal.complain(
            "It is reached by folder: with the share or stick mounted, run waybill partner share \(id) once.")
    }
}
