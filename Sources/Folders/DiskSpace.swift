internal import Glibc

package enum DiskSpace {
    /// Bytes that this user may still write where the folder is.
    package static func free(at folder: Folder) throws(FileTrouble) -> Int64 { try free(under: folder.descriptor) }

    /// Names that this user may still make where the folder is; nil where the file system does not count them (btrfs).
    package static func freeInodes(at folder: Folder) throws(FileTrouble) -> Int64? {
        var s = statvfs()
        try systemCall("ask for the free inodes") { unsafe fstatvfs(folder.descriptor, &s) }
        return s.f_files == 0 ? nil : Int64(clamping: s.f_favail)
    }

    static func free(under descriptor: Int32) throws(FileTrouble) -> Int64 {
        var s = statvfs()
        try systemCall("ask for the free space") { unsafe fstatvfs(descriptor, &s) }
        let (bytes, overflow) = UInt64(s.f_bavail).multipliedReportingOverflow(by: UInt64(s.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }

    /// Such as `ext4`; nil where `/proc` does not tell.
    package static func fileSystem(of folder: Folder) -> String? { Mount(of: folder)?.type }

    /// Whether a rename from one to the other can work. Unknown counts as no.
    package static func onSameMount(_ a: Folder, _ b: Folder) -> Bool {
        guard let a = Mount(of: a), let b = Mount(of: b) else { return false }
        return a.id == b.id
    }
}
