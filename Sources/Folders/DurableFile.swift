internal import Glibc

/// Small files that are whole or not there, whenever the power goes.
package enum DurableFile {
    /// Whether to wait for the disk. Notes that can be derived again need not.
    package enum Syncing: Sendable {
        /// On return the file is on the disk, under its name.
        case synced
        /// The content is on the disk; the name is there once the caller has synced the folder, for many files at a time.
        case contentSynced
        /// Whole whenever it is seen, but a power cut may take it back.
        case unsynced
        /// The same without a name in between: whoever looks too early, or after this process was killed, sees a part. For
        /// what nobody waits for, and is written again.
        case inPlace
    }

    /// Writes under a temporary name, syncs, renames, syncs the folder. Whatever fails, no temporary file stays.
    ///
    /// - Throws: `.exists` if `clash` is `.noReplace` and the name is taken.
    package static func write(
        _ bytes: [UInt8], to folder: Folder, _ name: FileName, mode: UInt32, group: Group? = nil,
        clash: Folder.Clash = .replace, _ syncing: Syncing = .synced
    ) throws(FileTrouble) {
        if syncing == .inPlace, try makeInPlace(name, in: folder, bytes, Manner(mode: mode, group: group)) { return }
        let temporary = FileName.temporary()
        do {
            let manner = Manner(mode: mode, group: group, isSynced: syncing == .synced || syncing == .contentSynced)
            try fill(temporary, in: folder, with: bytes, manner)
            try folder.rename(temporary, to: folder, as: name, clash)
        } catch {
            // The first trouble is the one to tell of.
            try? folder.remove(temporary)
            throw error
        }
        if syncing == .synced { try folder.sync() }
    }

    /// Who may read it, and whether its content is waited for.
    private struct Manner {
        let mode: UInt32
        let group: Group?
        var isSynced = false
    }

    /// False if the name is taken. Only what this has made is removed.
    private static func makeInPlace(
        _ name: FileName, in folder: Folder, _ bytes: [UInt8], _ manner: Manner
    ) throws(FileTrouble) -> Bool {
        let file: FileHandle
        do { file = try FileHandle(name, in: folder, .create(mode: 0o600)) } catch {
            if error.reason == .exists { return false }
            throw error
        }
        do { try fill(file, with: bytes, manner) } catch {
            try? folder.remove(name)
            throw error
        }
        return true
    }

    private static func fill(
        _ name: FileName, in folder: Folder, with bytes: [UInt8], _ manner: Manner
    ) throws(FileTrouble) {
        try fill(FileHandle(name, in: folder, .create(mode: 0o600)), with: bytes, manner)
    }

    private static func fill(
        _ file: borrowing FileHandle, with bytes: [UInt8], _ manner: Manner
    ) throws(FileTrouble) {
        try file.write(bytes, at: 0)
        if let group = manner.group { try file.setGroup(group) }
        // After the group: changing it takes set-id bits away.
        try file.setMode(manner.mode)
        if manner.isSynced { try file.syncAll() }
    }

    /// Reads a regular file whole.
    ///
    /// - Throws: `.missing`; `.other(EFBIG)` if it is longer than `limit` bytes; `.other(EINVAL)` if it is not a regular file.
    package static func read(_ name: FileName, in folder: Folder, atMost limit: Int) throws(FileTrouble) -> [UInt8] {
        let file = try FileHandle(name, in: folder, .read)
        let facts = try file.facts()
        guard facts.kind == .regular else { throw FileTrouble("read a file", errno: EINVAL) }
        guard facts.size <= limit else { throw FileTrouble("read a file", errno: EFBIG) }
        // One more than allowed, so that a file that grew meanwhile is noticed.
        let bytes = try file.read(min(Int(facts.size) + 4096, limit + 1), at: 0)
        guard bytes.count <= limit else { throw FileTrouble("read a file", errno: EFBIG) }
        return bytes
    }
}
