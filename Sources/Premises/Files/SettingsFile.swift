internal import Folders
internal import Settings
package import Vocabulary

/// `waybill.yaml`, where a command adds what a person would otherwise have to type.
package enum SettingsFile {
    /// Puts a partner's numbers in, whole and synced. Nobody reads half of it.
    ///
    /// - Returns: false if nothing was changed because a person should do it: the file is a link, has another owner, who
    ///   could not read it any more, or is not of a simple shape.
    /// - Throws: `FileTrouble`.
    package static func add(_ contacts: Contacts, of partner: AgencyID, to path: String) throws -> Bool {
        let (folder, file) = InstalledAgency.split(path)
        guard let name = FileName(file) else { return false }
        let place = try Folder(folder)
        guard let facts = try place.lookup(name), facts.kind == .regular, facts.links == 1,
            facts.owner == User.effective
        else { return false }
        let bytes = try DurableFile.read(name, in: place, atMost: 1 << 20)
        guard let text = String(validating: bytes, as: UTF8.self),
            let edited = SettingsEdit.adding(contacts, of: partner, to: text)
        else { return false }
        try DurableFile.write(
            Array(edited.utf8), to: place, name, mode: facts.mode, group: Group(id: facts.group))
        return true
    }
}
