internal import ArgumentParser
internal import Premises
internal import Settings
internal import Vocabulary

struct KeysRetireVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "End one of our keys before its time, as after a theft.",
        discussion: """
            Partners refuse it as soon as they have our new card. Its private key is destroyed at once; that of a sealing \
            key after a grace (keys: { sealingGrace: P30D }), because late arrivals are still sealed to it. A signing key is \
            not retired while something that it signed is on its way, unless with --urgent.
            """)

    @OptionGroup var installation: InstallationOptions
    @OptionGroup var identity: IdentityKeyOption
    @Argument(help: "signing, sealing, tls or ledger.") var role: Role
    @Argument(help: "The key's fingerprint, or its first 8 digits or more (waybill keys list).") var fingerprint: String
    @Option(help: "Why. Partners read it on our card.") var because: String
    @Flag(help: "At once, whatever it signed that is still on its way: for a stolen key.") var urgent = false

    func validate() throws {
        guard (1...500).contains(because.utf8.count) else { throw ValidationError("--because takes 1 to 500 bytes.") }
        try Decision.requirePlain(because)
    }

    func run() async throws {
        let premises = try installation.premises()
        let issued = try await CardIssue(premises, identityKey: identity.identityKey)
            .retire(role, fingerprint, because: because, isUrgent: urgent)
        let grace =
            role == .sealing ? "It opens late arrivals until its grace is over." : "Its private key is destroyed."
        Terminal.complain("Retired. Our card has serial \(issued.serial) now and goes to all partners. \(grace)")
    }
}
