/// Cuts a consignment into its messages as the bytes come in. DER carries its own length, so no other framing exists.
///
/// A message that would be too long, or is not DER with definite minimal lengths, is refused with the byte that shows
/// it. Memory is one message; each byte is copied once.
package struct DERStream: Sendable {
    /// Message 0 has at most 256 KiB.
    package static let waybillLimit = 262_144
    /// What a message may have beyond its part.
    package static let overhead = 4096

    private var limit = Self.waybillLimit
    /// Messages that may still begin.
    private var expected = 1
    private var message: [UInt8] = []
    /// Length of the message that is coming in, once its header is complete.
    private var total: Int?
    /// Length of a message whose header is complete and that was not let in yet.
    package private(set) var announced: Int?
    private var fault: StreamFault?

    package init() {}

    /// After the waybill is known: so many parts follow, each of at most `size` bytes. Until this is called nothing may
    /// follow message 0.
    package mutating func expectParts(_ count: Int, ofSize size: Int) {
        (expected, limit) = (count, size + Self.overhead)
    }

    /// Takes bytes from `offset` on, which is moved, until a message is complete. Returns nil when all were taken and
    /// it is not. Ask again with the same bytes until nil.
    ///
    /// - Parameter admit: asked for each message when its header is complete, before any memory is taken for it: its length.
    ///   If it says no, nil is returned with `announced` set, and the next call asks again; the rest of the bytes is to be
    ///   kept until then.
    /// Errors: `.stream(...)`, and the same again from then on.
    package mutating func next(
        in bytes: RawSpan, at offset: inout Int, admit: (Int) -> Bool = { _ in true }
    ) throws(EnvelopeError) -> [UInt8]? {
        if let fault { throw .stream(fault) }
        do {
            while total == nil {
                if let length = announced {
                    guard admit(length) else { return nil }
                    begin(of: length)
                    break
                }
                guard offset < bytes.byteCount else { return nil }
                try begin(with: unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
                offset += 1
            }
        } catch {
            fault = error
            throw .stream(error)
        }
        return fill(from: bytes, at: &offset)
    }

    package mutating func next(in bytes: Span<UInt8>, at offset: inout Int) throws(EnvelopeError) -> [UInt8]? {
        try next(in: unsafe bytes.bytes, at: &offset)
    }

    /// No more bytes will come. Errors: `.stream(.truncated)` if some were expected.
    package func finish() throws(EnvelopeError) {
        if let fault { throw .stream(fault) }
        guard message.isEmpty, expected == 0 else { throw .stream(.truncated) }
    }

    /// One byte of a header.
    private mutating func begin(with byte: UInt8) throws(StreamFault) {
        guard expected > 0 else { throw .trailing }
        message.append(byte)
        guard message[0] == DER.sequence else { throw .notDER }
        let header: DERHeader?
        do { header = try DERHeader(message[...]) } catch { throw .notDER }
        guard let header else { return }
        guard header.totalCount <= limit else { throw .tooLong }
        announced = header.totalCount
    }

    private mutating func begin(of length: Int) {
        (total, announced) = (length, nil)
        message.reserveCapacity(length)
    }

    private mutating func fill(from bytes: RawSpan, at offset: inout Int) -> [UInt8]? {
        let count = min((total ?? 0) - message.count, bytes.byteCount - offset)
        unsafe bytes.extracting(offset..<(offset + count)).withUnsafeBytes { piece in
            unsafe message.append(contentsOf: piece)
        }
        offset += count
        guard message.count == total else { return nil }
        defer { (message, total, expected) = ([], nil, expected - 1) }
        return message
    }
}

extension StreamFault: Error {}
