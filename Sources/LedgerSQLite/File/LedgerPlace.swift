internal import GRDB
internal import Glibc
internal import Synchronization

/// Which files were opened, so that it is noticed when others or none stand at their paths: an unmounted disk, a file
/// that was moved away or put in the place of ours. What is written then goes to a file that no restart finds.
struct LedgerPlace: Sendable {
    private struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64

        init?(_ path: String) {
            var s = stat()
            guard unsafe stat(path, &s) == 0 else { return nil }
            (device, inode) = (UInt64(s.st_dev), UInt64(s.st_ino))
        }
    }

    private let paths: [String]
    private let opened: [Identity?]

    /// Of a ledger that is open: both files are there.
    init(_ ledger: String) {
        paths = [ledger, ledger + "-wal"]
        opened = paths.map(Identity.init)
    }

    /// What is wrong with where our files are, in words; nil if they are where they were.
    var problem: String? {
        for case (let path, let identity?) in zip(paths, opened) {
            guard let now = Identity(path) else {
                return
                    "the ledger was taken away while it was in use (unmounted, moved or removed): put it back at its path"
            }
            guard now == identity else {
                return "another file was put in the ledger's place while it was in use: a new start takes that one"
            }
        }
        return nil
    }
}

/// Connections that are never closed. At its last close SQLite carries the log into the database and cuts it short, without
/// a word if that fails: after a failed sync it would destroy the one copy of what was acknowledged.
enum AbandonedLedgers {
    private static let pools = Mutex<[DatabasePool]>([])

    static func keep(_ pool: DatabasePool) { pools.withLock { $0.append(pool) } }
}
