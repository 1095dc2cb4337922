internal import Premises
internal import Vocabulary

/// Whether the daemon runs, and everything that it has an alarm for.
struct DaemonChecks {
    private let premises: InstalledAgency
    private let now: Instant

    init(_ premises: InstalledAgency, at now: Instant) { (self.premises, self.now) = (premises, now) }

    func lines() async -> [CheckLine] {
        do {
            let report = try await StatusAtHand(premises).report()
            let health = Health(report, at: now)
            return [daemon(health, why: report["why"]?.string ?? "")]
                + health.troubles.dropFirst(health.isRunning == false ? 1 : 0).map {
                    CheckLine.failed("status", $0, fix: "waybill status says more.")
                }
        } catch {
            return [
                .unknown("waybilld", Explained.words(of: error), fix: "Run it as the daemon's user or as an officer.")
            ]
        }
    }

    private func daemon(_ health: Health, why: String) -> CheckLine {
        switch health.isRunning {
        case true?: .ok("waybilld", "is running")
        case false?:
            .failed("waybilld", "is not running: nothing is sent or received", fix: "systemctl start waybilld")
        case nil: .unknown("waybilld", why, fix: "Run waybill check as the daemon's user or as an officer.")
        }
    }
}
