internal import COpenSSL
package import Vocabulary

/// SHA-256 (FIPS 180-4) of bytes that are all at hand.
package enum SHA256 {
    package static func digest(_ bytes: [UInt8]) -> Digest { digest(bytes.span) }
    package static func digest(_ bytes: ArraySlice<UInt8>) -> Digest { digest(bytes.span) }

    package static func digest(_ bytes: Span<UInt8>) -> Digest {
        var stream = SHA256Stream()
        stream.update(bytes)
        return stream.finish()
    }
}

/// SHA-256 of bytes that come piece by piece, such as a file on its way through.
@safe package struct SHA256Stream: ~Copyable, Sendable {
    /// Fetched once: looking an algorithm up costs more than hashing a small message.
    private static let algorithm = Algorithm.digest("SHA256")
    /// Reached through `mutating` functions of a value that has one owner, so never by two threads at once.
    nonisolated(unsafe) private let context: OpaquePointer

    package init() {
        guard let context = unsafe EVP_MD_CTX_new(),
            unsafe EVP_DigestInit_ex2(context, Self.algorithm.raw, nil) == 1
        else { preconditionFailure("SHA-256: no memory") }
        unsafe self.context = unsafe context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Nothing is hidden between the bytes of a span of bytes, which is what makes `bytes` unsafe in general.
    package mutating func update(_ span: Span<UInt8>) { update(unsafe span.bytes) }

    package mutating func update(_ span: RawSpan) {
        let done = unsafe span.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(done == 1, "SHA-256: OpenSSL refused to go on")
    }

    package consuming func finish() -> Digest {
        var bytes = [UInt8](repeating: 0, count: 32)
        precondition(unsafe EVP_DigestFinal_ex(context, &bytes, nil) == 1, "SHA-256: OpenSSL refused to end")
        return Digest(of32: bytes)
    }
}

/// HMAC (RFC 2104).
package enum HMAC {
    package static func sha256(key: [UInt8], _ bytes: [UInt8]) -> Digest {
        var code = [UInt8](repeating: 0, count: 32)
        let done = unsafe waybill_hmac_sha256(key, Int32(key.count), bytes, bytes.count, &code)
        precondition(done == 1, "HMAC: OpenSSL refused")
        return Digest(of32: code)
    }
}

extension Digest {
    /// A digest that libcrypto made in a buffer of 32 bytes.
    init(of32 bytes: [UInt8]) {
        do {
            try self.init(bytes)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
