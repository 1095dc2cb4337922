internal import FoundationEssentials
internal import Ledger

/// Which file system a path is on, from `/proc/self/mountinfo` (proc(5)): the names there tell sshfs from a local disk
/// behind FUSE, which the number from statfs(2) does not.
struct Mount: Hashable {
    let point: String
    /// Such as `ext4`, `nfs4` or `fuse.sshfs`.
    let type: String

    /// Refuses network file systems: their locks and syncs are promises that SQLite cannot check.
    static func requireLocal(_ path: String) throws {
        guard let real = DiskFile.real(path) else {
            throw LedgerTrouble.broken("the folder of the ledger does not exist or may not be entered")
        }
        guard let table = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8),
            let mount = holding(real, in: table)
        else { throw LedgerTrouble.broken("cannot tell which file system the ledger is on: is /proc mounted?") }
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
