internal import Glibc

/// Private keys at rest. A key that others can read is not loaded, however well it would work: 0600 in a 0700 folder.
package enum KeyFile {
    private static let limit = 65_536
    private static let openToOthers: mode_t = 0o077

    /// Errors: `.key(...)`, each saying what to change.
    package static func load(_ path: String) throws(EnvelopeError) -> PrivateKey {
        try PrivateKey(pem: read(path))
    }

    /// The folder is opened first and the file below it, so that neither can be exchanged between check and reading.
    private static func read(_ path: String) throws(EnvelopeError) -> [UInt8] {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let parent = try Descriptor(unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        try parent.requireClosedToOthers(else: .looseFolder)
        let file = try Descriptor(
            unsafe openat(parent.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC))
        try file.requireClosedToOthers(else: .looseFile)
        return try file.contents(upTo: limit)
    }

    /// An open file that closes itself.
    private struct Descriptor: ~Copyable {
        let number: Int32

        init(_ number: Int32) throws(EnvelopeError) {
            guard number >= 0 else { throw .key(errno == ELOOP ? .notAFile : .missing) }
            self.number = number
        }

        deinit { close(number) }

        func status() throws(EnvelopeError) -> stat {
            var status = stat()
            guard unsafe fstat(number, &status) == 0 else { throw .key(.missing) }
            return status
        }

        func requireClosedToOthers(else fault: KeyFault) throws(EnvelopeError) {
            let status = try status()
            guard status.st_uid == geteuid() || status.st_uid == 0 else { throw .key(.owner) }
            guard status.st_mode & openToOthers == 0 else { throw .key(fault) }
        }

        func contents(upTo limit: Int) throws(EnvelopeError) -> [UInt8] {
            let status = try status()
            guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else { throw .key(.notAFile) }
            var bytes = [UInt8](repeating: 0, count: limit)
            var count = 0
            while count < limit {
                let n = unsafe bytes.withUnsafeMutableBytes { buffer in
                    unsafe Glibc.read(number, buffer.baseAddress?.advanced(by: count), limit - count)
                }
                guard n >= 0 else { throw .key(.missing) }
                guard n > 0 else { break }
                count += n
            }
            return Array(bytes.prefix(count))
        }
    }
}
