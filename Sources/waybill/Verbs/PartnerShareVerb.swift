internal import ArgumentParser
internal import Folders
internal import Premises
internal import Settings
internal import TransportFolder
internal import Vocabulary

struct PartnerShareVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share", abstract: "Make the folders on a share or stick for a partner that is reached by folder.",
        discussion: """
            Once for each share or stick, by either side, while it is mounted. The daemon never makes them itself, so that \
            an empty mount point is noticed instead of filled. Settings: partners: { ID: { transport: folder, path: DIR } }
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The partner's id.", transform: AgencyID.init) var id: AgencyID

    func run() async throws {
        let premises = try installation.premises()
        let chosen = premises.settings.partner(id)
        guard chosen.transport == .folder, let path = chosen.path else {
            throw Trouble(
                "\(id) is not reached by folder.",
                why: "The settings say \(chosen.transport.rawValue) and name no folder.",
                fix: "In \(premises.configuration): partners: { \(id): { transport: folder, path: /mnt/... } }")
        }
        do {
            try await FolderRoad(path: path, us: premises.settings.agency, partner: id).prepare()
        } catch {
            throw Trouble(
                "The folders were not made.", why: "\(path): \(error)", fix: "Mount it writable for the daemon's user.")
        }
        Terminal.complain("Ready: \(path) has a folder for each direction.")
    }
}
