internal import Folders

/// Reads a file that others may read too: its position is never moved.
struct FileSource: Sendable {
    enum Ending { case end, trouble, stopped(Budget.Stop) }

    let file: SharedFile
    let size: Int64

    /// Bytes read at once.
    static let piece = 256 << 10

    /// Up to `count` bytes from the start; fewer if the file is shorter or cannot be read.
    func head(_ count: Int) -> [UInt8] {
        (try? file.handle.read(count, at: 0)) ?? []
    }

    /// Hands over the bytes of `range`, clipped to the file, piece by piece.
    /// - Parameter take: says whether it wants more; that it does not is an end too.
    func read(_ range: Range<Int64>, within budget: Budget, _ take: (Span<UInt8>) -> Bool) -> Ending {
        var offset = range.lowerBound
        // Most files are small, and the kernel clears every page of it.
        let most = max(1, min(Int64(Self.piece), min(range.upperBound, size) - range.lowerBound))
        var buffer = [UInt8](repeating: 0, count: Int(most))
        while offset < range.upperBound {
            if let stop = budget.stop { return .stopped(stop) }
            guard let count = try? file.handle.read(into: &buffer, at: offset) else { return .trouble }
            if count == 0 { break }
            guard take(buffer.span.extracting(0..<Int(min(Int64(count), range.upperBound - offset)))) else { break }
            offset += Int64(count)
        }
        return .end
    }

    /// The beginning of the first line after `offset`, or a place near it if the lines are very long.
    func lineEnd(after offset: Int64) -> Int64 {
        let bytes = (try? file.handle.read(Self.piece, at: offset)) ?? []
        let end = bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
        return min(offset + Int64(end), size)
    }
}
