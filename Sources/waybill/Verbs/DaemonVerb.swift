internal import ArgumentParser
internal import Daemon
internal import Foundation
internal import Premises

struct DaemonVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daemon", abstract: "Run the daemon in the foreground (also: waybilld).")

    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        let code = await DaemonRun.run(configuration: try installation.premises().configuration)
        if code != 0 { throw Answer(code: code) }
    }
}
