internal import Glibc

/// An open folder. Everything is done relative to its descriptor, so that nobody can swap a part of the path.
///
/// Every call blocks: use them inside `Blocking.run`.
package final class Folder: Sendable {
    /// What a rename does when the new name is taken.
    package enum Clash: Sendable {
        /// The old file stays and the rename fails with `.exists`.
        case noReplace
        case replace
    }

    let descriptor: Int32

    /// Which folder it is, however often it was opened. Two objects of one folder are equal by it, and an object that is
    /// gone hands nothing on to the next one that lies at its address.
    package struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    package func identity() throws(FileTrouble) -> Identity {
        let facts = try facts()
        return Identity(device: facts.device, inode: facts.inode)
    }

    /// A path of a few bytes by which this process, and only this one, reaches a name in here, however long the folder's own
    /// path is: a socket's address holds 107 bytes. Good while this object lives.
    package func shortPath(of name: String) -> String { "/proc/self/fd/\(descriptor)/\(name)" }

    private init(adopting descriptor: Int32) { self.descriptor = descriptor }

    /// Opens an existing folder. Symbolic links are followed: the path is the administrator's.
    package convenience init(_ path: String) throws(FileTrouble) {
        self.init(
            adopting: try openingCall("open a folder") {
                unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            })
    }

    deinit { close(descriptor) }

    /// Opens a folder inside this one; a symbolic link there is refused.
    package func subfolder(_ name: FileName) throws(FileTrouble) -> Folder {
        Folder(
            adopting: try openingCall("open a folder") {
                openAt(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            })
    }

    /// Opens a folder inside this one, made first with exactly this mode if it is not there. Durable on return.
    package func makeSubfolder(_ name: FileName, mode: UInt32) throws(FileTrouble) -> Folder {
        do {
            return try subfolder(name)
        } catch let error where error.errno == ENOENT {}
        do {
            try systemCall("make a folder") { unsafe mkdirat(descriptor, name.c, mode) }
        } catch let error where error.reason == .exists {
            return try subfolder(name)
        }
        let made = try subfolder(name)
        try made.setMode(mode)
        try made.sync()
        try sync()
        return made
    }

    /// Every name but `.` and `..`, in no order. A folder that was removed while it was open is `.missing`: libc alone
    /// would call it empty, and what is dropped into its successor would never be seen.
    package func entries() throws(FileTrouble) -> [FileName] { try entries(from: 0, atMost: .max).names }

    /// At most so many names, from where an earlier call ended.
    ///
    /// What comes or goes meanwhile may be told twice or not at all.
    /// - Parameter position: 0 for the beginning; else a place as the file system counts them (telldir(3), which Linux keeps
    ///   for the folder and not for whoever has it open).
    /// - Returns: where to go on; nil at the end.
    package func entries(
        from position: Int, atMost most: Int
    ) throws(FileTrouble) -> (names: [FileName], next: Int?) {
        // A descriptor of its own: the position of a listing belongs to the open file.
        let own = try openingCall("list a folder") {
            unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard let listing = unsafe fdopendir(own) else {
            let error = errno
            close(own)
            throw FileTrouble("list a folder", errno: error)
        }
        defer { unsafe closedir(listing) }
        if position > 0 { unsafe seekdir(listing, position) }
        let found = try unsafe names(in: listing, atMost: most)
        let links = try facts().links
        guard links > 0 else { throw FileTrouble("list a folder", errno: ENOENT) }
        return found
    }

    private func names(
        in listing: OpaquePointer, atMost most: Int
    ) throws(FileTrouble) -> (names: [FileName], next: Int?) {
        var names: [FileName] = []
        while true {
            let here = names.count == most ? unsafe telldir(listing) : nil
            errno = 0
            guard let entry = unsafe readdir(listing) else {
                guard errno == 0 else { throw FileTrouble("list a folder", errno: errno) }
                return (names, nil)
            }
            if let here { return (names, here) }
            if let name = unsafe FileName(entry: entry) { names.append(name) }
        }
    }

    /// The facts of a name, not following a symbolic link; nil if it is not there.
    package func lookup(_ name: FileName) throws(FileTrouble) -> FileFacts? {
        var s = stat()
        do {
            try systemCall("look at a file") { unsafe fstatat(descriptor, name.c, &s, AT_SYMLINK_NOFOLLOW) }
        } catch let error where error.errno == ENOENT {
            return nil
        }
        return FileFacts(s)
    }

    /// The folder's own facts.
    package func facts() throws(FileTrouble) -> FileFacts {
        var s = stat()
        try systemCall("look at a folder") { unsafe fstat(descriptor, &s) }
        return FileFacts(s)
    }

    /// Moves a name, atomically. Durable only after `sync()` of both folders.
    package func rename(
        _ name: FileName, to folder: Folder, as newName: FileName, _ clash: Clash
    ) throws(FileTrouble) {
        let flags = clash == .noReplace ? GNU.renameNoReplace : 0
        try systemCall("rename a file") {
            GNU.rename(descriptor, name, folder.descriptor, newName, flags: flags)
        }
    }

    /// Removes a file. One that is gone already is `.missing`.
    package func remove(_ name: FileName) throws(FileTrouble) {
        try systemCall("remove a file") { unsafe unlinkat(descriptor, name.c, 0) }
    }

    /// Removes an empty folder; `.exists` if something is in it.
    package func removeSubfolder(_ name: FileName) throws(FileTrouble) {
        try systemCall("remove a folder") { unsafe unlinkat(descriptor, name.c, Int32(AT_REMOVEDIR)) }
    }

    /// Names added, moved and removed so far are on the disk on return.
    package func sync() throws(FileTrouble) {
        try systemCall("sync a folder to the disk") { fsync(descriptor) }
    }

    /// Permission bits as given, sticky and set-group-id among them.
    package func setMode(_ mode: UInt32) throws(FileTrouble) {
        try systemCall("set the mode of a folder") { fchmod(descriptor, mode) }
    }

    package func setGroup(_ group: Group) throws(FileTrouble) {
        try systemCall("set the group of a folder") { fchown(descriptor, uid_t.max, group.id) }
    }
}

extension FileName {
    /// Nil for `.` and `..`. The name is read in place: copying `d_name` whole would read past the end of the entry.
    fileprivate init?(entry: UnsafeMutablePointer<dirent>) {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
        let start = unsafe UnsafeRawPointer(entry).advanced(by: offset)
        let name = unsafe UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self)))
        unsafe self.init(bytes: name)
    }
}
