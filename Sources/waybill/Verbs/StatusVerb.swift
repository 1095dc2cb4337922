internal import ArgumentParser
internal import Daemon
internal import Exchange
internal import Settings
internal import TransportHTTPS
internal import Vocabulary

struct StatusVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "What is waiting, held, on its way, stuck and why, and when it is tried next.",
        discussion: "Asks the daemon; while it is down, shows what the ledger knows and says so.")

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let premises = try installation.premises()
        var report = try await told(by: premises)
        report["held"] = FolderBytes.json(premises.folders.held)
        report["sent"] = FolderBytes.json(premises.folders.sent)
        report["telephone"] = telephones(premises)
        if json {
            Terminal.say(JSONText.json(.object(report)).line)
        } else {
            StatusWords(report).show()
        }
    }

    /// Of every partner with a number, as the settings say this moment.
    private func telephones(_ premises: Premises) -> JSON {
        let known = premises.contacts.theirs.compactMap { id, contacts in
            contacts.words.map { (id.text, JSON.string($0)) }
        }
        return .object(Dictionary(known) { first, _ in first })
    }

    private func told(by premises: Premises) async throws -> [String: JSON] {
        do {
            let request = JSON.object(["verb": .string("status")]).encoded
            let answer = try JSON(parsing: await ControlClient(socket: premises.settings.controlSocket).ask(request))
            var report = answer["status"]?.members ?? [:]
            report["running"] = .bool(true)
            report["pid"] = premises.runningDaemon.map { .integer(Int64($0)) }
            return report
        } catch let failure as ControlClient.Failure where failure != .misunderstood {
            var report = try await LedgerStatus(premises).report()
            report["running"] = .bool(premises.runningDaemon != nil)
            report["why"] = .string(words(failure, premises))
            return report
        }
    }

    private func words(_ failure: ControlClient.Failure, _ premises: Premises) -> String {
        if failure == .notAllowed {
            return "You may not use \(premises.settings.controlSocket): this is what the ledger knows."
        }
        guard let pid = premises.runningDaemon else {
            return "The daemon is not running: this is what the ledger knows. Start it: systemctl start waybilld"
        }
        return "Process \(pid) holds the installation but does not answer: it starts, or is another command."
    }
}
