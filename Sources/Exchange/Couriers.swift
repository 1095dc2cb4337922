package import Statements
internal import Synchronization
package import Transport
package import Vocabulary

/// The courier to a partner. Throws `UnknownPartner`, and whatever keeps it from being made.
package typealias CourierSource = @Sendable (AgencyID) throws -> any Courier

/// The couriers to our partners, one each: consignments, statements and questions between ledgers go by the same.
package final class Couriers: Sendable {
    private let partners: Partners
    private let make: @Sendable (Partner) throws -> any Courier
    private let made = Mutex<[AgencyID: any Courier]>([:])

    /// - Parameter make: makes the courier that a partner's settings ask for.
    package init(_ partners: Partners, make: @escaping @Sendable (Partner) throws -> any Courier) {
        (self.partners, self.make) = (partners, make)
    }

    /// Throws `UnknownPartner`, and what making it throws.
    package func courier(to id: AgencyID) throws -> any Courier {
        guard let partner = partners[id] else { throw UnknownPartner(id: id) }
        return try made.withLock { made in
            if let known = made[id] { return known }
            let courier = try make(partner)
            made[id] = courier
            return courier
        }
    }

    /// Besides the one, for whoever shuts it down again.
    package func another(to partner: Partner) throws -> any Courier { try make(partner) }

    /// The next one is new. The old one is to be shut down.
    func forget(_ id: AgencyID) -> (any Courier)? { made.withLock { $0.removeValue(forKey: id) } }

    /// Its partner has retired keys.
    func renew(_ id: AgencyID) async { await made.withLock { $0[id] }?.renew() }

    /// Our own TLS key has changed.
    package func renew() async { for courier in all { await courier.renew() } }

    /// All at once: each may wait for a partner who does not answer. They stay what they are, so that nobody gets a new one
    /// while we stop.
    func shutdown() async {
        await withDiscardingTaskGroup { group in
            for courier in all { group.addTask { await courier.shutdown() } }
        }
    }

    private var all: [any Courier] { made.withLock { Array($0.values) } }
}

package struct UnknownPartner: Error, CustomStringConvertible {
    package let id: AgencyID

    package init(id: AgencyID) { self.id = id }

    package var description: String {
        "\(id) is not a partner. Add their card: waybill partner add CARD --fingerprint SHA256"
    }
}
