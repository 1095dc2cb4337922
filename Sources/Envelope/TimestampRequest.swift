internal import Vocabulary

/// What a time authority is asked (RFC 3161, 2.4.1): SHA-256 of the bytes, a nonce of 64 random bits, and that its
/// certificate comes with the answer.
///
///     TimeStampReq ::= SEQUENCE { version 1, messageImprint, nonce INTEGER, certReq TRUE }
package struct TimestampRequest: Hashable, Sendable {
    /// The bytes that are to be stamped.
    let body: [UInt8]
    /// INTEGER, so that no former answer fits.
    let nonce: [UInt8]

    package init(over body: [UInt8]) {
        self.body = body
        nonce = DER.integer(unsigned: Random.bytes(8))
    }

    package var der: [UInt8] {
        DER.sequence(DER.integer(1), Self.imprint(SHA256.digest(body)), nonce, [0x01, 0x01, 0xff])
    }

    /// MessageImprint.
    private static func imprint(_ digest: Digest) -> [UInt8] {
        DER.sequence(DER.sequence(OID.sha256, [DER.null, 0]), DER.octets(digest.bytes))
    }
}
