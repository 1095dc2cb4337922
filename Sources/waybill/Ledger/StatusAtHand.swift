internal import Folders
internal import Premises
internal import Settings
internal import TransportHTTPS
internal import Vocabulary

/// What `waybill status` knows: from the daemon, or, where it does not answer, from what lies on disk.
struct StatusAtHand {
    private let premises: InstalledAgency

    init(_ premises: InstalledAgency) { self.premises = premises }

    /// `running` is missing where nobody can tell, `outbox` where we may not look; `why` says in words what the daemon did not.
    func report() async throws -> [String: JSON] {
        var report = try await told()
        if report["outbox"] == nil { report["outbox"] = OutboxCount.json(premises.folders.outbox) }
        return report
    }

    private func told() async throws -> [String: JSON] {
        do {
            guard case .done(let answer) = try await ControlClient.ask(premises, .status) else {
                throw ControlClient.Failure.misunderstood
            }
            var report = answer["status"]?.members ?? [:]
            report["running"] = .bool(true)
            report["pid"] = premises.runningDaemon.map { .integer(Int64($0)) }
            return report
        } catch let failure as ControlClient.Failure where failure != .misunderstood {
            let (known, unread) = await onDisk()
            var report = known
            let pid = premises.runningDaemon
            report["running"] = failure == .notAllowed || pid != nil ? nil : .bool(false)
            report["why"] = .string(words(failure, pid) + (unread.map { " \($0)" } ?? ""))
            return report
        }
    }

    /// What the ledger knows, and why it is silent if it may not be read.
    private func onDisk() async -> (report: [String: JSON], unread: String?) {
        do { return (try await LedgerStatus(premises).report(at: WallClock.now()), nil) } catch {
            return (["agency": .string(premises.settings.agency.text)], Explained.words(of: error))
        }
    }

    private func words(_ failure: ControlClient.Failure, _ pid: Int32?) -> String {
        if failure == .notAllowed {
            return
                "You may not ask the daemon (\(premises.settings.controlSocket)), so nobody can tell you whether it runs: "
                + "this is what the ledger knows. Ask to be put into the group of officers."
        }
        if let missing = try? LedgerDoor(premises).missing { return "\(missing)" }
        guard let pid else {
            return "The daemon is not running: this is what the ledger knows. Start it: systemctl start waybilld"
        }
        return "Process \(pid) holds the installation but does not answer: it starts, or is another command."
    }
}
