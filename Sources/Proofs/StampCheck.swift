package import Vocabulary

/// Verifies an RFC 3161 token over these bytes against an authority's certificates (PEM), at the token's own time, and
/// returns that time. As `openssl ts -verify -token_in -partial_chain -attime T` does.
package typealias StampCheck =
    @Sendable (_ token: [UInt8], _ bytes: [UInt8], _ authority: [UInt8]) throws -> Instant
