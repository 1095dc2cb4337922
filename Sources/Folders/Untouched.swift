internal import Glibc

/// Whether nobody has a file open for writing, as far as the kernel tells us; for leftovers that we do not claim.
package enum Untouched {
    /// False only if a writer is known. A file that we may not open, or of which the kernel does not tell, counts as
    /// untouched: its age speaks.
    package static func isSo(_ name: FileName, in folder: Folder) -> Bool {
        guard let file = try? FileHandle(name, in: folder, .read) else { return true }
        defer { ReadLease.release(file) }
        if case .writer = ReadLease.take(file) { return false }
        return true
    }
}
