internal import Folders

/// The label that may lie beside a file: `NAME.label.yaml` or `NAME.label.json`.
enum SideCars {
    /// A label of more bytes than this is not a label.
    static let greatestSize = 64 * 1024

    /// Stands for a label that is there and cannot be read: like every label that is not understood, it holds its file.
    static let unreadable: [UInt8] = Array("label could not be read: [".utf8)

    /// Nil if there is none.
    static func read(beside name: FileName, in folder: Folder) throws -> [UInt8]? {
        for sideCar in DropName.sidecars(of: name) where try folder.lookup(sideCar) != nil {
            return try DurableFile.read(sideCar, in: folder, atMost: greatestSize)
        }
        return nil
    }

    /// As `read`, but for what is there and cannot be read: that is no label that anybody has understood.
    static func whatever(beside name: FileName, in folder: Folder) -> [UInt8]? {
        do { return try read(beside: name, in: folder) } catch { return unreadable }
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
