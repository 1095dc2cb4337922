internal import Envelope
internal import Folders
internal import Vocabulary

/// Reads a file from start to end in slices, so that memory does not follow its size.
enum Slices {
    static let size = 1 << 20

    /// SHA-256 of the first `bytes` bytes; nil if the file is shorter.
    static func digest(of file: borrowing FileHandle, bytes: Int64) throws -> Digest? {
        var hash = SHA256Stream()
        guard try feed(file, bytes: bytes, to: &hash) else { return nil }
        return hash.finish()
    }

    /// Feeds the first `bytes` bytes to a digest; false if the file is shorter.
    static func feed(_ file: borrowing FileHandle, bytes: Int64, to hash: inout SHA256Stream) throws -> Bool {
        try feed(file, 0..<bytes, to: &hash)
    }

    static func feed(_ file: borrowing FileHandle, _ range: Range<Int64>, to hash: inout SHA256Stream) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: Int(min(Int64(size), max(1, Int64(range.count)))))
        var at = range.lowerBound
        while at < range.upperBound {
            let wanted = Int(min(Int64(buffer.count), range.upperBound - at))
            if wanted < buffer.count { buffer.removeLast(buffer.count - wanted) }
            guard try file.fill(&buffer, at: at) else { return false }
            buffer.withRawSpan { hash.update($0) }
            at += Int64(wanted)
        }
        return true
    }
}
