package import Vocabulary

/// What somebody who checks a proof knows from elsewhere.
package struct ProofKnown: Sendable {
    /// Identities that are known to be the agencies'; each must be one of the two.
    package var pins: [Fingerprint] = []
    /// The pins belong to many agencies, of whom this proof may concern none.
    package var areOfMany = false
    /// SHA-256 of the file at hand, if it is to be compared with the waybill's.
    package var delivered: Digest?
    /// The time authority's certificates (PEM), instead of those in the proof.
    package var authority: [UInt8]?
    /// Reads time tokens; nil: they are not looked at.
    package var stamps: StampCheck?

    package init(
        pins: [Fingerprint] = [], delivered: Digest? = nil, authority: [UInt8]? = nil, stamps: StampCheck? = nil
    ) {
        (self.pins, self.delivered, self.authority, self.stamps) = (pins, delivered, authority, stamps)
    }
}
