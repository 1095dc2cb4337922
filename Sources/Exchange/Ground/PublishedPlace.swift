internal import Folders
internal import Ledger
internal import Vocabulary

/// A folder of the inbox.
struct InboxFolder: Hashable, Sendable {
    let partner: AgencyID
    let route: RouteName

    /// Below the root.
    var parts: [String] { [partner.text, route.text] }
}

/// Where a file was published, and by what it is known again.
struct PublishedPlace: Hashable, Sendable {
    let folder: InboxFolder
    let name: FileName
    let inode: UInt64
    let size: Int64
    let modified: Int64

    /// Nil for a record that no longer says where its file was put, such as an erased one.
    init?(_ record: ConsignmentRecord) {
        let mark = (record.inode ?? "").split(separator: ":")
        guard let place = InboxPlace(record), let name = FileName(place.name), mark.count == 4,
            let inode = UInt64(mark[1]),
            let size = Int64(mark[2]), let modified = Int64(mark[3])
        else { return nil }
        folder = InboxFolder(partner: record.key.partner, route: place.folder)
        (self.name, self.inode, self.size, self.modified) = (name, inode, size, modified)
    }

    init(folder: InboxFolder, name: FileName, inode: UInt64, size: Int64, modified: Int64) {
        (self.folder, self.name, self.inode, self.size, self.modified) = (folder, name, inode, size, modified)
    }

    /// Whether what stands under the name now is still our file: the same inode, or a faithful copy of it, as when an
    /// inbox was restored from a backup. Device numbers change with a restart of the machine and say nothing.
    func holds(_ facts: FileFacts?) -> Bool {
        guard let facts, facts.kind == .regular else { return false }
        return facts.inode == inode || (facts.size == size && facts.stamp.modified == modified)
    }
}
