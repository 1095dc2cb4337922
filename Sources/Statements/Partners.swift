internal import Envelope
internal import Synchronization
internal import Transport
package import Vocabulary

/// The partners of this agency at this moment: a small table that is replaced whole when a card comes or goes.
///
/// A lookup is a lock and a dictionary read, so it is asked anew for every request: a removed partner is gone at once.
package final class Partners: PeerDirectory, Sendable {
    private struct Table {
        var partners: [AgencyID: Partner]
        /// Whom nothing is exchanged with any more, and why.
        var revoked: [AgencyID: Revocation] = [:]
        /// Whose a TLS certificate is, and until when that holds: it is asked for every request.
        var peers: [[UInt8]: (id: AgencyID, until: Instant)] = [:]
    }

    private let table: Mutex<Table>
    private let now: @Sendable () -> Instant

    package init(_ partners: [Partner] = [], now: @escaping @Sendable () -> Instant) {
        table = Mutex(Table(partners: Dictionary(partners.map { ($0.id, $0) }, uniquingKeysWith: { $1 })))
        self.now = now
    }

    package subscript(id: AgencyID) -> Partner? { table.withLock { $0.partners[id] } }
    package var all: [Partner] { table.withLock { $0.partners.values.sorted { $0.id < $1.id } } }

    package func put(_ partner: Partner) {
        change { table in
            table.partners[partner.id] = partner
            table.revoked[partner.id] = nil
        }
    }

    package func remove(_ id: AgencyID) {
        change { table in
            table.partners[id] = nil
            table.revoked[id] = nil
        }
    }

    /// From now on the partner is nobody: its certificate is not let in and nothing is sent to it.
    package func revoke(_ revocation: Revocation) {
        change { table in
            table.partners[revocation.id] = nil
            table.revoked[revocation.id] = revocation
        }
    }

    package func revocation(of id: AgencyID) -> Revocation? { table.withLock { $0.revoked[id] } }
    package var revoked: [Revocation] { table.withLock { $0.revoked.values.sorted { $0.id < $1.id } } }

    private func change(_ body: (inout Table) -> Void) {
        table.withLock { table in
            body(&table)
            table.peers = [:]
        }
    }

    /// The partner whose identity issued this TLS certificate. Two partners never share an identity, so at most one fits.
    package func peer(presenting leaf: [UInt8]) -> AgencyID? {
        let moment = now()
        if let known = table.withLock({ $0.peers[leaf] }), moment <= known.until { return known.id }
        guard let certificate = try? Certificate(der: leaf),
            let partner = all.first(where: { $0.accepts(certificate, as: .tls, at: moment) })
        else { return nil }
        table.withLock { table in
            // A partner may have gone while the certificate was looked at.
            if table.partners[partner.id] != nil { table.peers[leaf] = (partner.id, certificate.notAfter) }
        }
        return partner.id
    }

    package func identity(of partner: AgencyID) -> [UInt8]? { self[partner]?.identity.der }
}
