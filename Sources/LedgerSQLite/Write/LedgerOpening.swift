package import Ledger
package import Vocabulary

/// Whose ledger it is: another's is refused.
package struct LedgerOwner: Hashable, Sendable {
    package let agency: AgencyID
    package let identity: Fingerprint

    package init(_ agency: AgencyID, _ identity: Fingerprint) { (self.agency, self.identity) = (agency, identity) }
}

/// How a ledger is opened for writing.
package struct LedgerOpening: Sendable {
    /// Seconds to wait for another process before `.busy`.
    package var busyTimeout: Double = 5
    /// How long a read may hold the write-ahead log.
    package var readDeadline: Duration = .seconds(5)
    /// Whether a missing ledger is made; else it is `.broken`.
    package var mayMake = true
    /// Where it is remembered that the disk failed; beside the ledger alone if not told.
    package var mark: EndMark?
    /// Called, before its caller hears of it, at every write that ends in `.broken`: a failed sync or damage must never be
    /// worked around. Not for erasures and scrubbing, whose caller waits for the answer.
    package var onBroken: @Sendable (LedgerTrouble) -> Void = { _ in }

    package init() {}
}
