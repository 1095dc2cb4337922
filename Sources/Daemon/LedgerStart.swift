internal import Exchange
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Logging
internal import Premises
internal import Settings
internal import Vocabulary

/// What a start does about its ledger before anything is built on it, and what it says where that cannot be.
enum LedgerStart {
    /// After an end by which the disk may have lost something: the whole ledger is checked, as it lies on the disk, before
    /// anything is built on it. Throws `Trouble` if it is not sound.
    static func check(_ wiring: Wiring, _ notifier: Notifier?) async throws {
        guard let doubt = wiring.opened.sqlite.doubt else { return }
        wiring.log.warning(
            "the ledger is read from its disk and checked before we go on", metadata: ["why": "\(doubt)"])
        let check = try LedgerCheck(wiring.opened.sqlite, crypto: OpenSSLLedgerCrypto(), judges: wiring.ourJudges) {
            done, all in
            notifier?.tell(.extendTimeout(seconds: 60), .status("checking the ledger: \(done) of \(all) events"))
        }
        let report = try await check.run()
        guard report.isClean else {
            wiring.opened.sqlite.abandon()
            wiring.log(report.problems)
            throw unsound(wiring.premises.folders.ledger, doubt, report.problems.first)
        }
        try wiring.opened.sqlite.trusted()
        wiring.log.warning(
            "the ledger is sound as it lies on its disk; still, have that disk looked at",
            metadata: ["events": "\(report.events)"])
    }

    /// The alarm stands as long as the note about it lies beside the ledger (`Sentry`).
    static func tellChange(_ wiring: Wiring) {
        guard case .changed(let how) = wiring.opened.sqlite.closed else { return }
        wiring.log.critical(
            "the ledger was changed while the daemon was not running; what to do stands in a note beside it",
            metadata: ["what": "\(how)"])
    }

    /// Of an error that ends the start.
    static func words(_ error: any Error) -> String {
        guard let trouble = error as? LedgerTrouble else { return "\(error)" }
        return Trouble(
            "The ledger cannot be opened: the daemon does not start.", why: trouble.words,
            fix:
                "waybill ledger check says more. Keep a copy of the ledger and of everything beside it as evidence, then see "
                + "\"The ledger is broken\" in operations.md. Whom to ring: whoever looks after this machine."
        ).description
    }

    static func unsound(_ path: String, _ doubt: String, _ problem: LedgerProblem?) -> Trouble {
        Trouble(
            "The ledger is not sound on its disk: the daemon does not start on it.",
            why: "\(doubt). \(problem.map(String.init(describing:)) ?? "It cannot be read")",
            fix:
                "Have the disk looked at. Keep a copy of \(path) and what lies beside it as evidence, put the newest backup in "
                + "its place, remove \(path)-wal and \(path)-shm, start waybilld and run waybill recover: partners give back "
                + "what the backup does not know. Whom to ring: whoever looks after this machine.")
    }
}

extension Wiring {
    /// By our own keys of today alone. What partners signed was verified when it came; here it is asked whether it is still
    /// the same.
    var ourJudges: CheckJudges {
        get throws {
            var judges = CheckJudges()
            judges.ourKeys = try KeyDirectory(folder: premises.folders.keys).ledgerPublicKeys()
            return judges
        }
    }

    func log(_ problems: [LedgerProblem]) {
        for problem in problems.prefix(20) {
            log.critical("the ledger is not sound", metadata: ["place": "\(problem.place)", "what": "\(problem.what)"])
        }
    }

    /// Opens everything as soon as it can be: a ledger that is not there, held by another program, or without space is
    /// waited for, in words once a minute. Nil if we are asked to stop meanwhile.
    static func whenLedgerIsThere(
        _ premises: InstalledAgency, log: Logger, _ lastResort: LastResort, _ notifier: Notifier?,
        broken: @escaping @Sendable (LedgerTrouble) -> Void
    ) async throws -> Wiring? {
        var said: (words: String, at: Int64)?
        while !lastResort.isAsked {
            let words: String
            do {
                if let missing = try LedgerDoor(premises).missing { throw missing }
                return try Wiring(premises, log: log, now: { WallClock.now() }, broken: broken)
            } catch let trouble as Trouble {
                guard let missing = try LedgerDoor(premises).missing else { throw trouble }
                words = "\(missing)"
            } catch let LedgerTrouble.full(why) {
                words = why
            } catch let LedgerTrouble.busy(why) {
                words = why
            }
            let now = BootClock.now()
            if said.map({ $0.words != words || now - $0.at >= 60_000_000_000 }) ?? true {
                log.critical("standing still: \(words)")
                said = (words, now)
            }
            notifier?.tell(.extendTimeout(seconds: 60), .status("STANDING STILL: \(words)"))
            try await Task.sleep(for: .seconds(1))
        }
        return nil
    }
}
