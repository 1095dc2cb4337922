internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Settings
internal import Vocabulary

/// The ledger: opens as it must, signs, and holds together.
struct LedgerChecks {
    private let premises: InstalledAgency
    /// Up to so many events the whole ledger is checked here.
    private static let whole: Int64 = 50_000
    private static let mend = "Stop waybilld, keep a copy of the ledger as evidence, and restore the newest backup."

    init(_ premises: InstalledAgency) { self.premises = premises }

    func lines() async -> [CheckLine] {
        if let missing = try? LedgerDoor(premises).missing {
            return [.failed("ledger", "\(missing.what) \(missing.why)", fix: missing.fix)]
        }
        guard FileSystem.exists(premises.folders.ledger) else {
            return [.warning("ledger", "there is none yet", fix: "Start waybilld: it makes the ledger.")]
        }
        return doubts() + [await writing(), await reading()]
    }

    /// Whether the last life ended by a disk that failed.
    private func doubts() -> [CheckLine] {
        guard let why = LedgerDoor(premises).mark.found else { return [] }
        return [
            .failed(
                "ledger's disk", "failed: \(why)",
                fix: "Have the disk looked at; start waybilld, which reads the ledger from it and checks it first.")
        ]
    }

    /// `SQLiteLedger` refuses to open where it cannot have synchronous=FULL and a write-ahead log on a local disk. The
    /// running daemon has done so; while it is down we do it ourselves.
    private func writing() async -> CheckLine {
        if let pid = premises.runningDaemon {
            return .ok("ledger for writing", "process \(pid) has it open with every commit synced")
        }
        return await .trying(
            "ledger for writing", fix: "Put \(premises.folders.ledger) on a local disk, owned by the daemon's user."
        ) {
            let lock = try premises.lock()
            try await OpenAgency.tryLedger(premises)
            _ = consume lock
            return "opens with every commit synced; a checkpoint was signed"
        }
    }

    private func reading() async -> CheckLine {
        let what = "ledger"
        do {
            let reader = try LedgerAtHand(premises).reader
            guard try await size(of: reader) <= Self.whole else {
                return .warning(
                    what, "more than \(Self.whole) events: too many to look at here",
                    fix: "Run waybill ledger check, now and then.")
            }
            let (report, pins) = try await LedgerExamination(premises, reader).run()
            let problems = report.problems.map(\.description) + pins
            if let first = problems.first {
                return .failed(what, "\(first), and \(problems.count - 1) more", fix: Self.mend)
            }
            return .ok(
                what,
                "\(report.events) events hold together: append-only, tree, \(report.statements) signatures, checkpoint")
        } catch {
            return .failed(what, Explained.words(of: error), fix: "Run it as an account that may read the ledger.")
        }
    }

    /// By the newest checkpoint that was kept; a young ledger has none.
    private func size(of reader: LedgerReader) async throws -> Int64 {
        guard let text = try? await reader.checkpoint() else { return 0 }
        return try Checkpoint(body: SignedNote(kept: Array(text.utf8)).body).size
    }
}
