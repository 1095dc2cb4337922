package import Vocabulary

/// What somebody who checks a proof knows from elsewhere.
package struct ProofKnown: Sendable {
    /// What a card of the reader's is called.
    static let card = "--card"
    /// What an authority's certificates of the reader's are called.
    static let named = "--authority"

    /// Identities that are known to be the agencies'; each must be one of the two.
    package var pins: [Fingerprint] = []
    /// Cards as signed (DER) that the reader has from the agencies: they name the keys that were retired since.
    package var cards: [[UInt8]] = []
    /// The pins and cards belong to many agencies, of whom this proof may concern none.
    package var areOfMany = false
    /// SHA-256 of the file at hand, if it is to be compared with the waybill's.
    package var delivered: Digest?
    /// A time authority's certificates (PEM) that the reader has from the authority. Without them no time stamp counts:
    /// whoever makes a proof can make an authority.
    package var authority: [UInt8]?
    /// Reads time tokens; nil: they are not looked at.
    package var stamps: StampCheck?

    package init(
        pins: [Fingerprint] = [], delivered: Digest? = nil, authority: [UInt8]? = nil, stamps: StampCheck? = nil
    ) {
        (self.pins, self.delivered, self.authority, self.stamps) = (pins, delivered, authority, stamps)
    }
}
