internal import ArgumentParser
internal import Envelope
internal import Premises
internal import Settings
internal import Vocabulary

struct CardVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card", abstract: "This agency's card, or its identity fingerprint alone.")

    @OptionGroup var installation: InstallationOptions
    @OptionGroup var identity: IdentityKeyOption
    @Option(help: "Write the card to this file.") var out: String?
    @Flag(help: "Print the fingerprint of our identity, for partners to compare.") var fingerprint = false
    @Flag(help: "Issue a new card first: same keys, new dates, name and address as in the settings.") var renew = false

    func run() async throws {
        let premises = try installation.premises()
        if renew {
            let issued = try await CardIssue(premises, identityKey: identity.identityKey).renew()
            Terminal.complain("Our card has serial \(issued.serial) now and goes to all partners by itself.")
        }
        let identity = try KeyDirectory(folder: premises.folders.keys).identity
        if let out {
            try FileSystem.write(FileSystem.read(premises.cardPath), to: InstalledAgency.absolute(out), mode: 0o644)
            Terminal.complain(
                "Written. Your partner also needs the fingerprint, by another way: \(identity.fingerprint.hex)")
        } else {
            Terminal.say(identity.fingerprint.hex)
        }
    }
}
