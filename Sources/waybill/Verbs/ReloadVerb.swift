internal import ArgumentParser
internal import Premises
internal import Vocabulary

struct ReloadVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Let the daemon read catalogue, agreements and words anew.",
        discussion: """
            Check them first: waybill agreement check FILE, waybill catalogue diff OLD NEW. If anything is wrong with \
            them, nothing changes and the reason is shown. What was decided before stays as it was decided.
            """)

    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        _ = try await Officer(installation.premises()).ask(.reload)
        Terminal.complain("Loaded. From now on files are judged by what lies in catalogue/ and agreements/.")
    }
}
