internal import ArgumentParser

struct LedgerVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "The record of everything that was sent and received.",
        subcommands: [
            LedgerListVerb.self, LedgerShowVerb.self, LedgerCheckVerb.self, LedgerWitnessVerb.self,
            LedgerBackupVerb.self,
        ])
}
