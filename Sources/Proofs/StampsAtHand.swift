internal import Envelope

/// Time tokens as `prove` and `verify` read them.
package enum StampsAtHand {
    /// The token's time, if it leads to one of these certificates.
    package static let check: StampCheck = { token, bytes, authority in
        try TimeAuthorities(pem: authority).verify(token, over: bytes).time
    }
}
