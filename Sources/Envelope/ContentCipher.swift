internal import COpenSSL

/// AES-256-GCM (RFC 5084) in place, with a key that is used for one message.
enum ContentCipher {
    static let keyCount = 32
    static let tagCount = 16
    private static let algorithm = Algorithm.cipher("AES-256-GCM")

    /// Encrypts this range of the message and returns the tag.
    static func seal(
        _ message: inout [UInt8], _ range: Range<Int>, key: borrowing Secret, nonce: [UInt8]
    ) throws(EnvelopeError) -> [UInt8] {
        var beside = Beside(nonce: nonce, tag: [UInt8](repeating: 0, count: tagCount))
        guard run(1, &message, range, key: key, &beside) else { throw LibraryFailure.take() }
        return beside.tag
    }

    /// Decrypts this range of the message. Whether the tag fits: if not, what stands there must not be used.
    static func open(
        _ message: inout [UInt8], _ range: Range<Int>, key: borrowing Secret, nonce: [UInt8], tag: [UInt8]
    ) -> Bool {
        defer { LibraryFailure.forget() }
        var beside = Beside(nonce: nonce, tag: tag)
        return run(0, &message, range, key: key, &beside)
    }

    /// What the cipher needs and makes beside the text.
    private struct Beside {
        let nonce: [UInt8]
        var tag: [UInt8]
    }

    /// - Parameter seal: 1 encrypts, 0 decrypts.
    private static func run(
        _ seal: Int32, _ message: inout [UInt8], _ range: Range<Int>, key: borrowing Secret,
        _ beside: inout Beside
    ) -> Bool {
        precondition(message.indices.contains(range) && range.count <= Int32.max, "outside the message")
        return unsafe message.withUnsafeMutableBufferPointer { bytes in
            unsafe key.withBytes { key in
                unsafe waybill_gcm(
                    algorithm.raw, seal, key, beside.nonce, bytes.baseAddress?.advanced(by: range.lowerBound),
                    Int32(range.count), &beside.tag) == 1
            }
        }
    }
}
