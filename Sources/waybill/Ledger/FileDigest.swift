internal import Envelope
internal import Folders
internal import Premises
internal import Vocabulary

/// SHA-256 of a file that a person names, in slices.
enum FileDigest {
    private static let slice = 1 << 20

    static func of(_ path: String) throws -> Digest {
        do {
            return try read(path)
        } catch {
            throw Trouble(
                "The file cannot be read.", why: "\(path): \(error)", fix: "Check its path and who may read it.")
        }
    }

    private static func read(_ path: String) throws -> Digest {
        let (folder, file) = InstalledAgency.split(InstalledAgency.absolute(path))
        guard let name = FileName(file) else { throw FileTrouble("open a file", errno: 22) }
        let handle = try FileHandle(name, in: Folder(folder), .read)
        var hash = SHA256Stream()
        var offset: Int64 = 0
        while true {
            let bytes = try handle.read(slice, at: offset)
            if bytes.isEmpty { return hash.finish() }
            hash.update(bytes.span)
            offset += Int64(bytes.count)
        }
    }
}
