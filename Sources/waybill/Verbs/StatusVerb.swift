internal import ArgumentParser
internal import Daemon
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
        if json {
            Terminal.say(JSONText.json(.object(report)).line)
        } else {
            StatusWords(report).show()
        }
    }

    private func told(by premises: Premises) async throws -> [String: JSON] {
        do {
            let request = JSON.object(["verb": .string("status")])
            let answer = try JSON(parsing: await ControlClient.ask(premises, request))
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
        if let missing = LedgerDoor(premises).missing { return "\(missing)" }
        if failure == .notAllowed {
            return "You may not use \(premises.settings.controlSocket): this is what the ledger knows."
        }
        guard let pid = premises.runningDaemon else {
            return "The daemon is not running: this is what the ledger knows. Start it: systemctl start waybilld"
        }
        return "Process \(pid) holds the installation but does not answer: it starts, or is another command."
    }
}
