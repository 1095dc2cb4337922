internal import ArgumentParser
internal import Envelope
internal import Premises
internal import Settings
internal import Vocabulary

/// Where the identity key is.
struct IdentityKeyOption: ParsableArguments {
    @Option(help: "The identity key, if it is kept offline (else keys/identity.key).", completion: .file())
    var identityKey: String?
}

extension Role: ExpressibleByArgument {}

struct KeysRotateVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "A new key for a role, beside the old; partners get the new card by themselves.",
        discussion: """
            Takes the identity key, which signs the new certificate and card in this process; the daemon never sees it. \
            Nothing is lost or refused: the new key is used at once, the old one stays valid until it ends or is retired. \
            Works with the daemon running or not, and may be repeated after a crash.
            """)

    @OptionGroup var installation: InstallationOptions
    @OptionGroup var identity: IdentityKeyOption
    @Argument(help: "signing, sealing, tls or ledger.") var role: Role

    func run() async throws {
        let premises = try installation.premises()
        let issued = try await CardIssue(premises, identityKey: identity.identityKey).rotate(role)
        Terminal.say(issued.certificate?.fingerprint.hex ?? "")
        Terminal.complain(
            """
            The new \(role.rawValue) key is in use. Our card has serial \(issued.serial) now and goes to all partners.
            The old key still works. To end it: waybill keys retire \(role.rawValue) FINGERPRINT --because TEXT
            """)
    }
}
