internal import COpenSSL
package import Vocabulary

/// A time token that held: an authority that we were told to trust says that the bytes existed at this time. Nothing
/// outside this room can make one.
package struct TimestampToken: Hashable, Sendable {
    /// TimeStampToken (CMS SignedData, DER), verbatim: `openssl ts -verify -token_in` reads it.
    package let der: [UInt8]
    /// genTime, as the authority says.
    package let time: Instant
    /// The authority's number of this token, in hexadecimal.
    package let serial: String

    fileprivate init(der: [UInt8], _ info: TimestampInfo) {
        (self.der, time, serial) = (der, info.time, Hex.encode(info.serial))
    }
}

/// The certificates that time tokens must lead to: the authority's root, or any certificate between, or its own.
package struct TimeAuthorities: Sendable {
    /// Bytes of PEM.
    package static let limit = 65_536

    private let pem: [UInt8]
    package let count: Int
    /// When the last of them ends: from then on no new token holds. Old ones do.
    package let end: Instant

    /// - Parameter pem: one certificate or more (RFC 7468); other text between them is passed over.
    /// Errors: `.timestamp(.certificates)`.
    package init(pem: [UInt8]) throws(EnvelopeError) {
        guard pem.count <= Self.limit, let read = unsafe Self.withAnchors(pem, { _, count, end in (count, end) }) else {
            throw .timestamp(.certificates)
        }
        self.pem = pem
        (count, end) = (Int(read.0), Instant(seconds: read.1))
    }

    /// The token in the answer to a request of ours. Errors: `.timestamp(...)`.
    package func verify(
        reply: [UInt8], to request: TimestampRequest
    ) throws(EnvelopeError) -> TimestampToken {
        let der = try TimestampReply.token(in: reply)
        guard try Self.read(der).info.nonce == request.nonce else { throw .timestamp(.otherNonce) }
        return try verify(der, over: request.body)
    }

    /// A token that was kept. It holds for as long as its signer was trusted *at its own time*: an authority that has
    /// ended since spoils nothing.
    ///
    /// As `openssl ts -verify -data BODY -in TOKEN -token_in -CAfile PEM -partial_chain -attime GENTIME` does.
    /// Errors: `.timestamp(...)`.
    package func verify(_ der: [UInt8], over body: [UInt8]) throws(EnvelopeError) -> TimestampToken {
        let info = try Self.read(der).info
        guard info.imprint == SHA256.digest(body) else { throw .timestamp(.otherBytes) }
        let seconds = info.time.seconds
        let held = unsafe Self.withAnchors(pem) { store, _, _ in
            unsafe waybill_timestamp_holds(store, der, der.count, body, Int32(clamping: body.count), seconds)
        }
        guard held == 1 else { throw .timestamp(held == -1 ? .authority : .signature) }
        return TimestampToken(der: der, info)
    }

    private static func read(_ der: [UInt8]) throws(EnvelopeError) -> UncheckedTimestamp {
        guard der.count <= TimestampReply.limit else { throw .timestamp(.tooLarge) }
        guard let read = try? UncheckedTimestamp(der) else { throw .timestamp(.malformed) }
        return read
    }

    /// Lends the anchors, how many they are, and when the last ends. A store of its own for each use: the moment at which
    /// certificates must be valid is written into it.
    private static func withAnchors<Result>(
        _ pem: [UInt8], _ body: (OpaquePointer, Int32, Int64) -> Result
    ) -> Result? {
        defer { LibraryFailure.forget() }
        var (count, end) = (Int32(0), Int64(0))
        LibraryFailure.forget()
        guard let store = unsafe waybill_anchors(pem, Int32(clamping: pem.count), &count, &end) else { return nil }
        defer { unsafe X509_STORE_free(store) }
        return unsafe body(store, count, end)
    }
}
