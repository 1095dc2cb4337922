package import Transport
package import Vocabulary

/// The numbers that settings may change. Seconds and bytes.
package struct HouseRules: Hashable, Sendable {
    package var settle: Double = 5
    package var scanInterval: Double = 5
    /// After so long in one call a folder is said not to answer.
    package var hangsAfter: Double = 30
    package var waitingNoteAfter: Double = 30
    package var partSize = PartSize.usual
    /// Consignments under way to one partner at a time, all lanes together.
    package var concurrency = 32
    package var smallLimit: Int64 = 16 << 20
    package var claimsAhead = 1000
    package var retryFirst: Double = 1
    package var retryMost: Double = 300
    package var diskReserve: Int64 = 256 << 20
    package var stagedBytesPerPartner: Int64 = 64 << 30
    package var arrivalsPerPartner = 64
    /// Emergencies of one partner that arrive at a time, beside the others.
    package var urgentArrivalsPerPartner = 16
    package var newConsignmentsPerMinute = 120_000
    /// What one partner may add to our ledger.
    package var ledgerBytesPerHour: Int64 = 4 << 30
    /// From partners, at a time.
    package var connections = 512
    package var stagingRetention: Double = 7 * 86_400
    package var sentRetention: Double = 30 * 86_400
    /// Bytes between two staging marks.
    package var markEvery = 64 << 20
    package var readersGroup: String?
    /// What counts as a received file being collected; how soon it should be, how soon if it came as an emergency, when its
    /// sender is told at once that it is not, and after how long the sender of any other is.
    package var collected = Collected.moved
    package var collectWithin: Double = 2 * 86_400
    package var collectEmergency: Double = 900
    package var collectExpires: Double = 30 * 86_400
    /// Run for urgent files that were received; empty: nothing is.
    package var urgentCommand: [String] = []
    /// Between two looks through work/ for what belongs to nobody.
    package var workLook: Double = 30
    /// Between two exchanges of checkpoints with one partner.
    package var swapInterval: Double = 1
    /// Whom to telephone, here and at partners.
    package var contacts = ContactBook()

    package init() {}

    /// What the budget follows from.
    package var bounds: Budget.Bounds {
        var bounds = Budget.Bounds()
        let (routine, urgent) = (Int64(arrivalsPerPartner), Int64(urgentArrivalsPerPartner))
        // At the door: with a waybill, without one yet, emergencies, and some that are being sent away.
        bounds[.arrivals].each = 2 * routine + urgent + 32
        bounds[.routine].each = routine
        bounds[.emergencies].each = urgent
        bounds[.connections] = Budget.Bound(each: routine + urgent + 16, all: Int64(connections))
        bounds[.connections].each = min(bounds[.connections].each, max(4, bounds[.connections].all / 2))
        bounds[.handshakes] = Budget.Bound(each: Int64(max(8, connections / 8)), all: Int64(max(16, connections / 2)))
        (bounds[.staged].each, bounds[.urgentStaged].each) = (stagedBytesPerPartner, stagedBytesPerPartner)
        (bounds[.consignments], bounds[.emergencies]) = (
            Int64(newConsignmentsPerMinute), Int64(newConsignmentsPerMinute)
        )
        bounds[.ledgerBytes] = ledgerBytesPerHour
        return bounds
    }
}
