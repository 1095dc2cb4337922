/// Makes a small secret unreadable. Blocks.
package enum Shredder {
    /// Overwrites the bytes, syncs, unlinks, syncs the folder. A file that is gone already is no trouble.
    ///
    /// On media that write elsewhere what is overwritten (most solid state disks, copy-on-write file systems), and in
    /// backups, the old bytes may survive: that is what encrypted media are for.
    package static func destroy(_ name: FileName, in folder: Folder) throws(FileTrouble) {
        guard try folder.lookup(name) != nil else { return }
        let file = try FileHandle(name, in: folder, .readWrite)
        try file.write([UInt8](repeating: 0, count: Int(file.facts().size)), at: 0)
        try file.sync()
        try folder.remove(name)
        try folder.sync()
    }
}
