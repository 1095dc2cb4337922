internal import ArgumentParser
internal import Folders
internal import Policy
internal import Premises
internal import Settings
internal import Vocabulary

struct InitVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make an installation: keys, card, settings, catalogue, agreements.")

    @Argument(help: "A folder that is missing or empty.") var folder: String
    @Option(help: "Short name, such as cleveland-police.") var agency: String
    @Option(help: "Name as people know it.") var name: String
    @Option(help: "HOST:PORT to listen on.") var listen: String
    @Option(help: "HOST:PORT at which partners reach you; goes into the card (else as --listen).") var address: String?
    @OptionGroup(title: "Whom people telephone here") var telephone: ContactOptions

    func run() throws {
        guard let listen = HostPort(listen) else { throw ValidationError("--listen must be HOST:PORT") }
        let agency = try AgencyID(agency)
        let contacts = try telephone.contacts(of: agency.text)
        let now = WallClock.now()
        let founded = try InstallationSetup.found(
            folder, agency: agency, name: name, listen: listen, address: address ?? listen.description,
            contacts: contacts, at: now)
        Terminal.say(founded.configuration)
        if let doubt = try InstallationSetup.doubt(about: agency, at: now) { Terminal.complain("Mind: \(doubt.words)") }
        Terminal.complain(
            """
            Made. Fingerprint of your identity: \(founded.fingerprint.hex)
            Next: give partners your card (waybill card --out FILE) and, by another way, this fingerprint;
            add theirs (waybill partner add CARD --fingerprint SHA256); start waybilld --config \(founded.configuration)
            Take keys/identity.key offline once cards are exchanged, and keep a backup of it.
            """)
        guard contacts == Contacts() else { return }
        Terminal.complain(
            """
            Nobody to telephone here is named: notes beside held and urgent files can tell no number.
            Take the # away from contacts: in \(founded.configuration) and put yours there.
            """)
    }
}
