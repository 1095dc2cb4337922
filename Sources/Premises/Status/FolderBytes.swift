internal import Folders
package import Vocabulary

/// How many files and bytes lie below `held/` or `sent/`.
package enum FolderBytes {
    /// `PARTNER/ROUTE/DATE/NAME`.
    private static let depth = 3

    /// `{"bytes": n, "files": n}`; nil if we may not look.
    package static func json(_ path: String) -> JSON? {
        guard let folder = try? Folder(path), let (files, bytes) = try? count(folder, depth) else { return nil }
        return .object(["bytes": .integer(bytes), "files": .integer(files)])
    }

    private static func count(_ folder: Folder, _ depth: Int) throws -> (files: Int64, bytes: Int64) {
        var sum: (files: Int64, bytes: Int64) = (0, 0)
        for name in try folder.entries() {
            guard let facts = try folder.lookup(name) else { continue }
            if facts.kind == .regular {
                sum = (sum.files + 1, sum.bytes + facts.size)
            } else if facts.kind == .folder, depth > 0 {
                let inner = try count(folder.subfolder(name), depth - 1)
                sum = (sum.files + inner.files, sum.bytes + inner.bytes)
            }
        }
        return sum
    }
}
