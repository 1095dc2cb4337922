internal import ArgumentParser
internal import Daemon
internal import Envelope
internal import Policy
internal import Settings
internal import Vocabulary

struct AgreementCheckVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Is an agreement file sound? Every mistake with its line and a hint.",
        discussion:
            "Checked against the catalogue of the installation, or the shipped one without an installation. Ends with 1 if it is not."
    )

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The file.", completion: .file(extensions: ["yaml", "json"])) var file: String

    func run() throws {
        let catalogue = try CatalogueAtHand.load(installation)
        let reading = try LawShelf.read(Premises.absolute(file), catalogue)
        for problem in reading.problems { Terminal.say(Terminal.clean(problem.description)) }
        guard let agreement = reading.value else { throw Answer.no }
        Terminal.say(
            "\(agreement.id), version \(agreement.version): sound. \(agreement.parties.count) parties, \(agreement.routes.count) routes."
        )
        Terminal.say("SHA-256 \(agreement.sha256.hex), which every label pins.")
    }
}
