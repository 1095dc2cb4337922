internal import ArgumentParser

struct AgreementVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: "The sharing agreements and their routes.",
        subcommands: [AgreementListVerb.self, AgreementShowVerb.self, AgreementCheckVerb.self])
}
