package import Folders
internal import Glibc
package import Vocabulary

/// A file that was complete, of which we are sure that nobody writes to it, and that now lies in work/.
///
/// Made by `ClaimDesk`'s success in `Outbox`, or by `resume` from what a restart finds in work/.
package struct ClaimedFile: Sendable {
    package let id: ConsignmentID
    package let partner: AgencyID
    package let route: RouteName
    /// As it lies in work/: valid UTF-8, one path component.
    package let name: String
    package let fileName: FileName
    package let folder: Folder
    package let claimedAt: Instant
    /// Who dropped it: the owner of the file.
    package let account: String
    /// Bytes of the side-car that was claimed with it.
    package let sideCar: [UInt8]?

    fileprivate init(
        id: ConsignmentID, partner: AgencyID, route: RouteName, name: String, fileName: FileName, folder: Folder,
        claimedAt: Instant,
        account: String, sideCar: [UInt8]?
    ) {
        self.id = id
        self.partner = partner
        self.route = route
        self.name = name
        self.fileName = fileName
        self.folder = folder
        self.claimedAt = claimedAt
        self.account = account
        self.sideCar = sideCar
    }

    /// A drop that `ClaimDesk` has just moved into work/.
    static func claimed(
        _ drop: ClaimedDrop, name: String, sideCar: [UInt8]?, in folder: Folder, partner: AgencyID, route: RouteName,
        at now: Instant
    ) -> ClaimedFile {
        ClaimedFile(
            id: .make(at: now), partner: partner, route: route, name: name, fileName: drop.name, folder: folder,
            claimedAt: now, account: Account.name(of: drop.facts.owner), sideCar: sideCar)
    }

    /// Takes over a file that lies in work/ already, under the id that the ledger knows or a new one.
    static func resume(
        _ name: String, in folder: Folder, partner: AgencyID, route: RouteName, id: ConsignmentID?, at now: Instant
    ) throws -> ClaimedFile {
        guard let fileName = FileName(name), let facts = try folder.lookup(fileName) else {
            throw FileTrouble("look at a claimed file", errno: ENOENT)
        }
        return ClaimedFile(
            id: id ?? .make(at: now), partner: partner, route: route, name: name, fileName: fileName, folder: folder,
            claimedAt: now, account: Account.name(of: facts.owner),
            sideCar: try SideCars.read(beside: fileName, in: folder))
    }
}
