/// What a prover has at hand beside its ledger.
package struct ProofHome: Sendable {
    /// Our newest card as signed (DER).
    package let card: [UInt8]
    /// The other agency's, in case the ledger does not know one.
    package var theirs: [UInt8]?
    /// Certificates (PEM) that kept time tokens lead to; nil: no token goes into proofs.
    package var authority: [UInt8]?
    /// The waybill as signed, for a refused arrival whose waybill no event carries.
    package var waybill: [UInt8]?
    package var stamps: StampCheck?

    package init(
        card: [UInt8], theirs: [UInt8]? = nil, authority: [UInt8]? = nil, waybill: [UInt8]? = nil,
        stamps: StampCheck? = nil
    ) {
        (self.card, self.theirs, self.authority, self.waybill, self.stamps) = (card, theirs, authority, waybill, stamps)
    }
}
