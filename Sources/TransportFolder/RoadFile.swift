internal import Folders

/// Small files on a road: whole or not there.
enum RoadFile {
    /// Bytes. The most that a statement, card, receipt or refusal may have.
    static let greatest = 256 * 1024

    /// Writes, syncs and renames over what has the name. Unlike `DurableFile` it sets no mode.
    static func write(_ bytes: [UInt8], to folder: Folder, _ name: FileName) throws(FileTrouble) {
        let temporary = FileName.temporary()
        do {
            let file = try FileHandle(temporary, in: folder, .create(mode: 0o644))
            try file.write(bytes, at: 0)
            try file.syncAll()
            try folder.rename(temporary, to: folder, as: name, .replace)
        } catch {
            // The first trouble is the one to tell of.
            try? folder.remove(temporary)
            throw error
        }
        try folder.sync()
    }

    /// The bytes, or nil if there is no such file.
    static func read(
        _ name: FileName, in folder: Folder, atMost most: Int = greatest
    ) throws(FileTrouble) -> [UInt8]? {
        do {
            return try DurableFile.read(name, in: folder, atMost: most)
        } catch  where error.reason == .missing {
            return nil
        }
    }

    /// Removes the file if it is there.
    static func remove(_ name: FileName, in folder: Folder) throws(FileTrouble) {
        do { try folder.remove(name) } catch  where error.reason == .missing {}
    }
}
