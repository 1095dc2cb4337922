internal import Folders

/// A label that lies beside a file, and whose it is.
struct SideCar: Hashable, Sendable {
    let bytes: [UInt8]
    let owner: UInt32
}

/// Whose label counts for a file: its owner's, an officer's, and that of whoever runs this machine. Anybody else who may
/// write into the folder could label a colleague's file.
package struct LabelAuthors: Sendable {
    private let isOfficer: @Sendable (UInt32) -> Bool

    /// - Parameter isOfficer: whether the account with this user id is an officer's. Asked in a blocking job.
    package init(isOfficer: @escaping @Sendable (UInt32) -> Bool = { _ in false }) { self.isOfficer = isOfficer }

    /// User ids.
    package func counts(_ author: UInt32, for owner: UInt32) -> Bool {
        author == owner || author == 0 || author == User.effective || isOfficer(author)
    }
}

/// The label that may lie beside a file: `NAME.label.yaml` or `NAME.label.json`.
enum SideCars {
    /// A label of more bytes than this is not a label.
    static let greatestSize = 64 * 1024

    /// Stands for a label that is there and cannot be read: like every label that is not understood, it holds its file.
    static let unreadable: [UInt8] = Array("label could not be read: [".utf8)

    /// Nil if there is none. What is there and cannot be read is no label that anybody has understood.
    static func read(beside name: FileName, in folder: Folder) -> SideCar? {
        for sideCar in DropName.sidecars(of: name) {
            do {
                guard let facts = try folder.lookup(sideCar) else { continue }
                let bytes = try? DurableFile.read(sideCar, in: folder, atMost: greatestSize)
                return SideCar(bytes: bytes ?? unreadable, owner: facts.owner)
            } catch { return SideCar(bytes: unreadable, owner: User.effective) }
        }
        return nil
    }

    /// - Parameter newName: of the file that it goes along with.
    static func move(
        beside name: FileName, in folder: Folder, to destination: Folder, as newName: FileName
    ) throws {
        for (sideCar, new) in zip(DropName.sidecars(of: name), DropName.sidecars(of: newName))
        where try folder.lookup(sideCar) != nil {
            try folder.moveOver(sideCar, to: destination, as: new)
        }
    }
}
