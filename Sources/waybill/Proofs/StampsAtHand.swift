internal import Envelope
internal import Exchange
internal import Premises
internal import Settings

/// Time tokens as `prove` and `verify` read them.
enum StampsAtHand {
    /// The token's time, if it leads to one of these certificates.
    static let check: StampCheck = { token, bytes, authority in
        try TimeAuthorities(pem: authority).verify(token, over: bytes).time
    }

    /// The certificates that tokens lead to; nil: no authority is configured and no token goes into proofs.
    static func authority(_ premises: Premises) throws -> [UInt8]? {
        try premises.settings.timestamps.map { try FileSystem.read($0.certificate, atMost: TimeAuthorities.limit) }
    }
}
