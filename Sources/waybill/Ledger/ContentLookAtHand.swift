internal import Exchange
internal import Folders
internal import Inspection
internal import Premises
internal import Settings
internal import Vocabulary

/// A look into the content of a file that has not been dropped, as the daemon would look.
enum ContentLookAtHand {
    static func look(into path: String, _ premises: InstalledAgency, _ now: Instant) async throws -> Inspection {
        let loader = ContentLoader(us: premises.settings.agency, now: { now })
        try loader.load(premises.folders)
        let (folder, file) = InstalledAgency.split(path)
        guard let name = FileName(file) else { return Inspection(.notChecked("its name cannot be used")) }
        let shared = SharedFile(try FileHandle(name, in: Folder(folder), .read))
        return await FileEnding.look(loader.look, into: shared, size: try shared.handle.facts().size, named: file)
    }
}
