/// What can be expected of the file system that a folder is on.
package enum FileSystemKind: Hashable, Sendable {
    /// inotify tells everything; leases are believed on ext4, xfs and btrfs only.
    case local(leasesWork: Bool)
    /// Others may write to it unseen: it is polled, and SQLite must not live on it.
    case network

    package var leasesWork: Bool { self == .local(leasesWork: true) }

    /// An unknown file system counts as a network one: polling is slower and never wrong.
    package static func of(_ folder: Folder) -> FileSystemKind {
        let type = Mount(of: folder)?.type ?? FileSystemNumber.name(under: folder.descriptor)
        return type.map(of(type:)) ?? .network
    }

    static func of(type: String) -> FileSystemKind {
        switch type {
        case "ext4", "xfs", "btrfs": .local(leasesWork: true)
        case "ext2", "ext3", "f2fs", "zfs", "bcachefs", "tmpfs", "ramfs", "overlay", "vfat", "exfat", "ntfs3":
            .local(leasesWork: false)
        default: .network
        }
    }
}
