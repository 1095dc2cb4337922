import Envelope
import Exchange
import ExchangeTesting
import Folders
import Ledger
import Statements
import Transport
import Vocabulary
import Witness

/// An agency as the daemon wires it, without roads.
struct House: Sendable {
    let agency: Agency
    let rollback: RollbackState
    let collections: Uncollected
    private let receiving: ReceivingParts
    private let noteKeys: NoteKeys

    init(_ agency: Agency, _ rollback: RollbackState, noteKeys: NoteKeys) {
        (self.agency, self.rollback, self.noteKeys) = (agency, rollback, noteKeys)
        collections = Uncollected(
            hook: UrgentHook(agency.rules.urgentCommand, alarms: agency.alarms, log: agency.log))
        receiving = ReceivingParts(published: collections, doubts: Doubts())
    }

    /// A new one each time, as after a restart.
    func desk(card: @escaping @Sendable () -> [UInt8] = { [] }, takeCard: CardTaker? = nil) -> Arrivals {
        Arrivals(
            agency: agency, parts: receiving, questions: Countersigner(agency, noteKeys), card: card, takeCard: takeCard
        )
    }

    func sending(
        _ parts: SendingParts, by courier: any Courier, list: @escaping RouteScanner.Lister = RouteScanner.entries
    ) -> Sending {
        Sending(agency: agency, parts: parts, couriers: Couriers(agency.partners) { _ in courier }, list: list)
    }

    var watch: CollectionMonitor { CollectionMonitor(agency: agency, collections: collections) }
    var duties: DutyActs { DutyActs(agency: agency, collections: collections) }
}

extension TestAgency {
    func agency(knowing partners: [Partner], at clock: Clock) throws -> Agency {
        try house(knowing: partners, at: clock).agency
    }

    var noteKeys: NoteKeys {
        let raw = keys.ledger.certificate.ed25519PublicKey ?? []
        return NoteKeys(signer: PairSigner(pair: keys.ledger), ourKeys: { [raw] }, crypto: FixedCrypto())
    }
}
