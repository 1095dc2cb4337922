internal import Envelope
package import Folders
package import Vocabulary

/// A claimed file whose size and SHA-256 are known, from one pass over it.
package struct WeighedFile: Sendable {
    package let claimed: ClaimedFile
    package let size: Int64
    package let sha256: Digest
    package let mediaType: String
    /// Inode, size and times as they were while weighing: if any differs before the last part, the file changed.
    package let facts: FileFacts

    fileprivate init(claimed: ClaimedFile, size: Int64, sha256: Digest, facts: FileFacts) {
        self.claimed = claimed
        self.size = size
        self.sha256 = sha256
        self.mediaType = MediaType.of(claimed.name)
        self.facts = facts
    }
}

/// Reads a file once, start to end.
enum Weigher {
    /// Throws `FileTrouble`, or `ChangedFile` if the file grew or shrank meanwhile.
    static func weigh(_ claimed: ClaimedFile) async throws -> WeighedFile {
        let weighed = try await Blocking.run { try read(claimed) }
        CrashPoint.afterWeigh.pass()
        return weighed
    }

    private static func read(_ claimed: ClaimedFile) throws -> WeighedFile {
        let file = try FileHandle(claimed.fileName, in: claimed.folder, .read)
        let before = try file.facts()
        let sha256 = try Slices.digest(of: file, bytes: before.size)
        guard let sha256, try file.facts() == before else { throw ChangedFile() }
        return WeighedFile(claimed: claimed, size: before.size, sha256: sha256, facts: before)
    }
}

/// The file is no longer the one that was weighed.
package struct ChangedFile: Error, Hashable, Sendable {}
