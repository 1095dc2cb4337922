internal import Daemon
internal import Exchange

/// Time tokens, as far as this program reads them: the one place to wire a time authority into proofs.
enum StampsAtHand {
    /// Nil: `waybill verify` leaves tokens to verify.sh, and says so.
    static let check: StampCheck? = nil

    /// The certificates that tokens lead to; nil: no token goes into proofs.
    static func authority(_ premises: Premises) throws -> [UInt8]? { nil }
}
