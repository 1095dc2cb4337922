internal import ArgumentParser

struct PartnerVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partner", abstract: "The agencies that files are exchanged with.",
        subcommands: [
            PartnerAddVerb.self, PartnerListVerb.self, PartnerShowVerb.self, PartnerRemoveVerb.self,
            PartnerRevokeVerb.self, PartnerTestVerb.self, PartnerShareVerb.self,
        ])
}
