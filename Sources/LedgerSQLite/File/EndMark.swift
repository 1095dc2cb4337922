internal import Glibc
internal import Ledger

/// Remembers that a ledger's last life ended by a failed sync, beside the ledger and on another file system.
///
/// That disk is the one that failed, so what is written beside the ledger may be lost as well; and what lies in `/run` or
/// `/dev/shm` is gone after a boot, when there is no page cache either that could be believed. Between them they are there
/// whenever the kernel may still hold pages that the disk never got.
package struct EndMark: Sendable {
    private static let header = "waybill-ledger-trouble/v1"
    /// The surest first.
    let paths: [String]

    /// - Parameter runtime: folders in memory, the first that can be used is; see `RuntimeFolder`.
    package init(ledger: String, runtime: [String]) {
        let name = "ledger-\(Self.hash(DiskFile.real(DiskFile.folderOf(ledger)) ?? ledger)).trouble"
        paths = runtime.map { "\($0)/\(name)" } + ["\(ledger)-trouble"]
    }

    /// What the last life said when it ended so; nil if it did not.
    package var found: String? {
        for path in paths where isBelievable(path) && DiskFile.exists(path) {
            let bytes = (try? DiskFile.Reader(path).readAll()) ?? []
            let lines = String(decoding: bytes.prefix(4096), as: UTF8.self).split(separator: "\n")
            return lines.count > 1 ? String(lines[1]) : "no words were kept"
        }
        return nil
    }

    /// In memory at once; then beside the ledger, where it may take as long as a broken disk takes.
    func leave(_ trouble: LedgerTrouble) {
        let words = trouble.words.split(separator: "\n").joined(separator: " ")
        let text = Array("\(Self.header)\n\(words)\n".utf8)
        var isKept = false
        for path in paths {
            let isBeside = path == paths.last
            if isKept, !isBeside { continue }
            if !isBeside { RuntimeFolder.make(DiskFile.folderOf(path)) }
            guard isBelievable(path) else { continue }
            if (try? DiskFile.replace(path, text, mode: 0o640)) != nil { isKept = true }
        }
    }

    /// The ledger was read from the disk and found sound. Beside it durably, and first: a mark too many costs a check.
    package func forget() throws {
        for path in paths.reversed() where isBelievable(path) && DiskFile.exists(path) {
            DiskFile.remove(path)
            do { try DiskFile.sync(DiskFile.folderOf(path)) } catch { throw LedgerTrouble(error) }
        }
    }

    private func isBelievable(_ path: String) -> Bool {
        path == paths.last || RuntimeFolder.isOurs(DiskFile.folderOf(path))
    }

    /// FNV-1a over the path: a name for a file, no secret.
    private static func hash(_ text: String) -> String {
        let sum = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(sum, radix: 16)
    }
}

/// A folder of ours that lies in memory and lasts until the next boot.
package enum RuntimeFolder {
    /// What systemd made for us (`RuntimeDirectory=`); the same by its usual name; one of our own account's.
    package static func candidates(environment: [String: String]) -> [String] {
        let told = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").map(String.init) ?? []
        let others = ["/run/waybill", "/dev/shm/waybill-\(geteuid())"]
        return told + others.filter { !told.contains($0) }
    }

    /// Makes it if it may be made; one of somebody else's is left alone, and writing there will fail.
    static func make(_ path: String) { unsafe mkdir(path, 0o700) }

    /// Whether it is a folder that nobody but us, root or our group can have filled: anybody may make names in /dev/shm.
    static func isOurs(_ path: String) -> Bool {
        var s = stat()
        guard unsafe lstat(path, &s) == 0, s.st_mode & S_IFMT == S_IFDIR else { return false }
        return (s.st_uid == geteuid() || s.st_uid == 0) && s.st_mode & 0o002 == 0
    }
}
