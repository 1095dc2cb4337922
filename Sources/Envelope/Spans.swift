/// Lending bytes of arrays without pointers, so that no other room needs the word `unsafe`.
extension Array where Element == UInt8 {
    /// Copies the bytes of a span from `offset` on to the end of this array.
    package mutating func append(_ span: RawSpan, from offset: Int) {
        unsafe span.extracting(offset..<span.byteCount).withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Lends all bytes.
    package func withRawSpan<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
        try body(unsafe span.bytes)
    }
}

extension ArraySlice where Element == UInt8 {
    /// Lends all bytes.
    package func withRawSpan<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
        try body(unsafe span.bytes)
    }
}
