internal import Glibc

extension Folder {
    /// Moves a file to a folder that may be on another file system: by rename where that works, else by a durable copy
    /// that is renamed into place, after which the original is removed. Never over another file (`.exists`).
    ///
    /// A crash between copy and removal leaves both; the caller's restart moves again and finds the name taken.
    ///
    /// - Parameter goesOn: asked before each MiB that is copied; if not, the file stays (`ECANCELED`).
    package func move(
        _ name: FileName, to folder: Folder, as newName: FileName, while goesOn: () -> Bool = { true }
    ) throws(FileTrouble) {
        do {
            return try rename(name, to: folder, as: newName, .noReplace)
        } catch  where error.errno == EXDEV {}
        let temporary = FileName.temporary()
        do {
            try copy(name, to: folder, as: temporary, while: goesOn)
            try folder.rename(temporary, to: folder, as: newName, .noReplace)
        } catch {
            try? folder.remove(temporary)
            throw error
        }
        try folder.sync()
        try remove(name)
    }

    /// As `move`, for what is small and takes the place of whatever has that name.
    package func moveOver(_ name: FileName, to folder: Folder, as newName: FileName) throws(FileTrouble) {
        do {
            try rename(name, to: folder, as: newName, .replace)
        } catch  where error.errno == EXDEV {
            try? folder.remove(newName)
            try move(name, to: folder, as: newName)
        }
    }

    private func copy(
        _ name: FileName, to folder: Folder, as newName: FileName, while goesOn: () -> Bool
    ) throws(FileTrouble) {
        let source = try FileHandle(name, in: self, .read)
        let facts = try source.facts()
        let target = try FileHandle(newName, in: folder, .create(mode: 0o600))
        var at: Int64 = 0
        while at < facts.size {
            guard goesOn() else { throw FileTrouble("copy a file to another file system", errno: ECANCELED) }
            let slice = try source.read(1 << 20, at: at)
            guard !slice.isEmpty else { break }
            try target.write(slice, at: at)
            at += Int64(slice.count)
        }
        try target.setMode(facts.mode)
        try keepPrivate(target, as: source, facts)
        try target.syncAll()
    }

    /// The copy is ours and no longer its owner's, and the group bits of a file with an access list are that list's mask:
    /// a file that was its owner's alone is then ours and theirs, never their whole group's.
    private func keepPrivate(
        _ target: borrowing FileHandle, as source: borrowing FileHandle, _ facts: FileFacts
    ) throws(FileTrouble) {
        guard let list = AccessList.of(source) else { return }
        let mode = facts.mode & ~0o070 | UInt32(list.ofGroup) << 3
        try target.setMode(mode)
        if facts.owner != User.effective { _ = AccessList(mode: mode).letting(read: facts.owner).set(on: target) }
    }
}
