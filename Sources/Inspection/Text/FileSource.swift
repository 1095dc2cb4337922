internal import Glibc

/// Reads a file through a descriptor that stays its owner's: never closed and its position never moved.
struct FileSource: Sendable {
    enum Ending { case end, trouble, stopped(Budget.Stop) }

    let descriptor: Int32
    let size: Int64

    /// Bytes read at once.
    static let piece = 256 << 10

    /// Up to `count` bytes from the start; fewer if the file is shorter or cannot be read.
    func head(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        bytes.removeLast(count - max(0, fill(&bytes, at: 0)))
        return bytes
    }

    /// Hands over the bytes of `range`, clipped to the file, piece by piece.
    /// - Parameter take: says whether it wants more; that it does not is an end too.
    func read(_ range: Range<Int64>, within budget: Budget, _ take: (Span<UInt8>) -> Bool) -> Ending {
        var offset = range.lowerBound
        var buffer = [UInt8](repeating: 0, count: Self.piece)
        while offset < range.upperBound {
            if let stop = budget.stop { return .stopped(stop) }
            let count = fill(&buffer, at: offset)
            if count < 0 { return .trouble }
            if count == 0 { break }
            guard take(buffer.span.extracting(0..<Int(min(Int64(count), range.upperBound - offset)))) else { break }
            offset += Int64(count)
        }
        return .end
    }

    /// The beginning of the first line after `offset`, or a place near it if the lines are very long.
    func lineEnd(after offset: Int64) -> Int64 {
        var bytes = [UInt8](repeating: 0, count: Self.piece)
        let count = max(0, fill(&bytes, at: offset))
        let end = bytes.prefix(count).firstIndex(of: 0x0A).map { $0 + 1 } ?? count
        return min(offset + Int64(end), size)
    }

    /// - Returns: bytes read, 0 at the end of the file, negative after an error.
    private func fill(_ buffer: inout [UInt8], at offset: Int64) -> Int {
        unsafe buffer.withUnsafeMutableBytes { bytes in
            while true {
                let count = unsafe pread(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
                if count >= 0 || errno != EINTR { return count }
            }
        }
    }

    /// A second opening of the same file, with a position of its own, for a process that reads it from its standard input.
    /// Negative if it cannot be had.
    func reopened() -> Int32 { unsafe open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC | O_NOCTTY) }
}
