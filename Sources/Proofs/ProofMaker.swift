internal import Envelope
package import Ledger
package import Vocabulary

/// Makes proofs of deliveries from a prover's ledger, keys and cards.
package struct ProofMaker: Sendable {
    /// The newest card of a partner that is at hand, as signed (DER).
    package typealias CardOf = @Sendable (AgencyID) -> [UInt8]?

    package let us: Card
    private let ledger: any Ledger
    private let writer: ProofWriter
    private let home: ProofHome
    private let theirs: CardOf

    /// - Parameters:
    ///   - us: what stands in `home.card`.
    ///   - home: what is at hand beside the ledger, without `theirs` and `waybill`.
    package init(_ us: Card, ledger: any Ledger, writer: ProofWriter, home: ProofHome, theirs: @escaping CardOf) {
        (self.us, self.ledger, self.writer, self.home, self.theirs) = (us, ledger, writer, home, theirs)
    }

    /// Our card, as signed (DER).
    var card: [UInt8] { home.card }

    /// Signs the list of a set.
    func sign(_ seal: [UInt8], at now: Instant) throws -> [UInt8] { try writer.sign(seal, at: now) }

    /// Throws `ProofObjection`, `ProofTrouble`, and what the ledger throws.
    package func make(_ record: ConsignmentRecord, at now: Instant) async throws -> ProofMade {
        if let objection = ProofObjection(record) { throw objection }
        var home = home
        home.theirs = theirs(record.key.partner)
        return try writer.make(try await ProofContents.gather(record.key, from: ledger, home), at: now)
    }
}
