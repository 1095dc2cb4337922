package import Vocabulary

/// Which ledger this is: `waybill/<agency id>/<first 16 hex digits of the identity fingerprint>/<ledger UUID>`.
///
/// Serves as origin line of its checkpoints and as name of the key that signs them. A restored ledger goes on under a
/// new UUID.
package struct LedgerOrigin: Hashable, Sendable, CustomStringConvertible {
    package let agency: AgencyID
    package let identity: Fingerprint
    /// Lower case, with hyphens.
    package let ledger: String

    /// - Parameter ledger: a UUID in lower case.
    package init(agency: AgencyID, identity: Fingerprint, ledger: String) throws(Malformed) {
        guard Self.isUUID(ledger) else { throw Malformed("ledger id", "must be a lower-case UUID") }
        self.agency = agency
        self.identity = identity
        self.ledger = ledger
    }

    package var description: String { "waybill/\(agency)/\(identity.hex.prefix(16))/\(ledger)" }

    /// Under which name this agency countersigns the checkpoints of others: the same for all its ledgers.
    package var witness: String { Self.witness(agency, identity) }

    package static func witness(_ agency: AgencyID, _ identity: Fingerprint) -> String {
        "waybill/\(agency)/\(identity.hex.prefix(16))"
    }

    private static func isUUID(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { Hex.decode(String($0)) != nil }
    }
}
