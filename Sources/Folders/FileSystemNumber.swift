internal import CFileSystem
internal import Glibc

/// The file system that something is on, as statfs(2) tells it: for where `/proc/self/mountinfo` has no line for it (`/` of
/// a chroot and of some containers).
package enum FileSystemNumber {
    /// Its name as mountinfo would write it. `fuse` for whatever is behind FUSE, of which the number does not tell a local
    /// disk from sshfs; nil where the kernel does not tell or the number is unknown.
    package static func name(at path: String) -> String? {
        var s = statfs()
        return unsafe statfs(path, &s) == 0 ? name(of: s.f_type) : nil
    }

    static func name(under descriptor: Int32) -> String? {
        var s = statfs()
        return unsafe fstatfs(descriptor, &s) == 0 ? name(of: s.f_type) : nil
    }

    /// The kernel's field is as wide as a word, and signed: the numbers have 32 bits.
    static func name(of number: Int) -> String? { names[UInt32(truncatingIfNeeded: number)] }

    /// linux/magic.h, statfs(2) and the sources of those that are not in the kernel.
    static let names: [UInt32: String] = [
        0xEF53: "ext4", 0x5846_5342: "xfs", 0x9123_683E: "btrfs", 0xF2F5_2010: "f2fs", 0x2FC1_2FC1: "zfs",
        0xCA45_1A4E: "bcachefs", 0x0102_1994: "tmpfs", 0x8584_58F6: "ramfs", 0x794C_7630: "overlay",
        0x4D44: "vfat", 0x2011_BAB0: "exfat", 0x7366_746E: "ntfs3", 0x9FA0: "proc", 0x6265_6572: "sysfs",
        // Others may write to these unseen.
        0x6969: "nfs", 0xFF53_4D42: "cifs", 0xFE53_4D42: "smb3", 0x517B: "smbfs", 0x0102_1997: "9p",
        0x00C3_6400: "ceph", 0x5346_414F: "afs", 0x6B41_4653: "afs", 0x7375_7245: "coda", 0x564C: "ncpfs",
        0x0116_1970: "gfs2", 0x7461_636F: "ocfs2", 0x0BD0_0BD0: "lustre", 0x1983_0326: "beegfs",
        0x4750_4653: "gpfs", 0x786F_4256: "vboxsf", 0xBACB_ACBC: "vmhgfs", 0x7C7C_6673: "prl_fs",
        0x6573_5546: "fuse",
    ]
}
