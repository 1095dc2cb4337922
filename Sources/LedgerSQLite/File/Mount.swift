internal import Folders
internal import FoundationEssentials
internal import Ledger

/// Which file system a path is on, from `/proc/self/mountinfo` (proc(5)): the names there tell sshfs from a local disk
/// behind FUSE, which the number from statfs(2) does not. The number is asked where mountinfo has no line above the path.
struct Mount: Hashable {
    let point: String
    /// Such as `ext4`, `nfs4` or `fuse.sshfs`.
    let type: String

    /// Refuses network file systems: their locks and syncs are promises that SQLite cannot check.
    static func requireLocal(_ path: String) throws {
        guard let real = DiskFile.real(path) else {
            throw LedgerTrouble.broken("the folder of the ledger does not exist or may not be entered")
        }
        let table = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        try requireLocal(real, in: table) { FileSystemNumber.name(at: $0) }
    }

    /// - Parameter number: the name of a path's file system by statfs(2).
    static func requireLocal(_ real: String, in table: String, number: (String) -> String?) throws(LedgerTrouble) {
        let mount = holding(real, in: table) ?? number(real).map { Mount(point: "/", type: $0) }
        guard let mount else {
            throw LedgerTrouble.broken(
                "cannot tell which file system the ledger is on: mount /proc, or move the ledger to a local disk")
        }
        if mount.isRemote {
            throw LedgerTrouble.broken("the ledger is on a network file system, \(mount.type): move it to a local disk")
        }
    }

    /// The mount that a resolved path lies on: the longest mount point above it, the last one mounted there.
    static func holding(_ path: String, in table: String) -> Mount? {
        let above = table.split(separator: "\n").compactMap(Mount.init(line:)).filter { $0.isAbove(path) }
        guard let longest = above.map(\.point.utf8.count).max() else { return nil }
        return above.last { $0.point.utf8.count == longest }
    }

    var isRemote: Bool {
        let remote: Set = [
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "afs", "coda", "ncpfs", "gfs2", "ocfs2", "lustre",
            "glusterfs", "beegfs", "gpfs", "vboxsf", "vmhgfs", "prl_fs", "fuse",
        ]
        return remote.contains(type) || type.hasPrefix("fuse.")
    }

    private func isAbove(_ path: String) -> Bool {
        point == "/" || path == point || path.hasPrefix(point + "/")
    }

    private init(point: String, type: String) { (self.point, self.type) = (point, type) }

    /// `36 35 98:0 /root /mount/point options... - type source options`
    private init?(line: Substring) {
        let fields = line.split(separator: " ")
        guard fields.count > 4, let dash = fields.firstIndex(of: "-"), fields.indices.contains(dash + 1) else {
            return nil
        }
        point = Self.unescaped(fields[4])
        type = String(fields[dash + 1])
    }

    /// Space, tab, line feed and backslash stand as three octal digits after a backslash.
    private static func unescaped(_ field: Substring) -> String {
        ["\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"].sorted { $0.key < $1.key }
            .reduce(String(field)) { $0.replacing($1.key, with: $1.value) }
    }
}
