internal import Exchange
internal import Folders
internal import Ledger
internal import Logging
internal import Statements
internal import TransportHTTPS
internal import Witness

/// Says READY once the port is open, and feeds the watchdog only while the scan loop moves and the ledger answers.
struct Heart: Sendable {
    let wiring: Wiring
    let notifier: Notifier?

    private var status: String {
        wiring.rollback.isStopped
            ? "STANDING STILL: our ledger is not the newest (waybill status)"
            : "exchanging files with \(wiring.agency.partners.all.count) partners"
    }

    func beat() async {
        guard let port = await wiring.collector.boundPort else { return }
        try? await wiring.rollback.untilSettled()
        wiring.log.info("ready", metadata: ["port": "\(port)"])
        var said = status
        notifier?.tell(.ready, .status(said))
        var scans: [Alarms.Loop: Int] = [:]
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(10))
            if said != status {
                said = status
                notifier?.tell(.status(said))
            }
            let moved = wiring.agency.alarms.loops
            // Nothing is scanned while we stand still.
            let isMoving = !wiring.rollback.isClear || moved.allSatisfy { $0.value != scans[$0.key] }
            guard isMoving, (try? await wiring.agency.ledger.counts()) != nil else { continue }
            scans = moved
            notifier?.tell(.watchdog)
        }
    }
}
