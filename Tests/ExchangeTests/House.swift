import Exchange
import ExchangeTesting
import Folders
import Ledger
import Transport
import Vocabulary

/// An agency as the daemon wires it, without roads.
struct House: Sendable {
    let office: Office
    let barrier: Barrier
    let collections: Collections
    private let receiving: ReceivingParts

    init(_ office: Office, _ barrier: Barrier, pen: LedgerPen) {
        (self.office, self.barrier) = (office, barrier)
        collections = Collections(
            hook: UrgentHook(office.rules.urgentCommand, standing: office.standing, log: office.log))
        receiving = ReceivingParts(published: collections, doubts: Doubts(), pen: pen)
    }

    /// A new one each time, as after a restart.
    func desk(card: @escaping @Sendable () -> [UInt8] = { [] }, takeCard: CardTaker? = nil) -> Arrivals {
        Arrivals(office: office, parts: receiving, card: card, takeCard: takeCard)
    }

    func sending(
        _ parts: SendingParts, by courier: any Courier, list: @escaping RouteScanner.Lister = RouteScanner.entries
    ) -> Sending {
        Sending(office: office, parts: parts, couriers: Couriers(office.partners) { _ in courier }, list: list)
    }

    var watch: CollectionWatch { CollectionWatch(office: office, collections: collections) }
    var duties: DutyDesk { DutyDesk(office: office, collections: collections) }
}

extension TestAgency {
    func office(knowing partners: [Partner], at clock: Clock) throws -> Office {
        try house(knowing: partners, at: clock).office
    }

    var pen: LedgerPen {
        let raw = keys.ledger.certificate.ed25519PublicKey ?? []
        return LedgerPen(signer: PairSigner(pair: keys.ledger), ourKeys: { [raw] }, crypto: FixedCrypto())
    }
}
