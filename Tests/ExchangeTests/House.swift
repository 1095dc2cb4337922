import Exchange
import ExchangeTesting
import Ledger
import Vocabulary

/// An agency as the daemon wires it, without roads.
struct House: Sendable {
    let office: Office
    let collections: Collections
    private let receiving: ReceivingParts

    init(_ office: Office, pen: LedgerPen) {
        self.office = office
        collections = Collections(
            hook: UrgentHook(office.rules.urgentCommand, standing: office.standing, log: office.log))
        receiving = ReceivingParts(published: collections, doubts: Doubts(), pen: pen)
    }

    /// A new one each time, as after a restart.
    func desk(card: @escaping @Sendable () -> [UInt8] = { [] }, takeCard: CardTaker? = nil) -> Arrivals {
        Arrivals(office: office, parts: receiving, card: card, takeCard: takeCard)
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
