internal import Daemon
internal import Folders
internal import Inspection
internal import Policy
internal import Settings
internal import Vocabulary

/// A look into the content of a file that has not been dropped, as the daemon would look.
enum ContentLookAtHand {
    static func look(into path: String, _ premises: Premises, _ now: Instant) async throws -> Inspection {
        guard let lexicon = try LawShelf.words(premises.folders) else {
            return Inspection(.notChecked("there is no words file in \(premises.folders.catalogue)"))
        }
        let (folder, file) = Premises.split(path)
        guard let name = FileName(file) else { return Inspection(.notChecked("its name cannot be used")) }
        let shared = SharedFile(try FileHandle(name, in: Folder(folder), .read))
        let inspector = Inspector(
            WordTable(lexicon, organisation: premises.settings.agency.text), toolbox: Toolbox.find())
        let found = await inspector.inspect(
            shared.handle.descriptor, size: try shared.handle.facts().size, mediaType: "",
            fileExtension: ending(of: file), today: now.londonDate)
        withExtendedLifetime(shared) {}
        return found
    }

    static func ending(of name: String) -> String {
        name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
    }
}
