internal import ArgumentParser
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Settings

struct LedgerBackupVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the ledger while it is in use.",
        discussion: "Never overwrites. The copy holds names and labels: keep it as you keep the ledger.")

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "A file that does not exist yet.", completion: .file()) var file: String

    func run() async throws {
        let premises = try installation.premises()
        let ledger = try LedgerAtHand(premises)
        let path = InstalledAgency.absolute(file)
        do {
            try await LedgerBackup.write(ledger.reader, to: path)
        } catch let trouble as LedgerTrouble {
            throw Trouble(
                "No backup was made.", why: trouble.words, fix: "Choose a new file on a local disk with space.")
        }
        Terminal.complain(
            """
            Written and on the disk: \(path)
            It does not hold your keys: back up \(premises.folders.keys) apart from it, and both off this machine.
            """)
    }
}
