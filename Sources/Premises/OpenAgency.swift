internal import Envelope
package import Exchange
package import Folders
internal import Law
package import Ledger
package import LedgerSQLite
package import Logging
internal import Settings
internal import Statements
package import Vocabulary
package import Witness

/// The agency of an installation, opened: the one way in. The daemon gives it roads; a command works on it while the daemon is
/// down; what comes on a stick is taken in by it, with the same settings and behind the same rollback guard.
package struct OpenAgency: Sendable {
    package enum Mode: Sendable {
        /// - Parameter broken: called when the ledger can no longer be trusted.
        case daemon(log: Logger, broken: @Sendable (LedgerTrouble) -> Void)
        /// For one command that holds the installation's lock.
        case offline
    }

    package let premises: InstalledAgency
    /// Behind a guard that asks no partner: nobody can offline, and the daemon's has roads first.
    package let agency: Agency
    /// For `Arrivals`.
    package let receiving: ReceivingParts
    package let partners: PartnerChanges
    package let eraser: Erasing
    /// What the ledger knows of the folders and disks that hold our roots.
    package let places: PlaceRecords
    /// `agency.ledger`, with what only our own kind of ledger can: checks, sums, erasing.
    package let sqlite: SQLiteLedger
    /// With which the ledger signs its checkpoints; replaced when a card brings a new one.
    package let ledgerKeys: LedgerKeys
    /// Whether our own ledger may have gone back, and what stands still until that is known.
    package let rollback: RollbackState
    /// With which we countersign partners' ledgers, and know our own notes again.
    package let noteKeys: NoteKeys
    /// Files in the inbox that nobody has taken yet.
    package let collections: Uncollected
    package let keys: KeyDirectory

    /// For one command while the daemon is down: under the installation's lock, and closed whatever becomes of it.
    /// Throws `Trouble` and others, each with a fix, and what `body` throws.
    package static func offline<Result: Sendable>(
        _ premises: InstalledAgency, _ body: (OpenAgency) async throws -> Result
    ) async throws -> Result {
        let lock = try premises.lock()
        let opened = try OpenAgency(premises, .offline, { WallClock.now() })
        let result: Result
        do {
            try await opened.rollback.remember()
            result = try await body(opened)
        } catch {
            try? await opened.close()
            throw error
        }
        try await opened.close()
        _ = consume lock
        return result
    }

    /// Throws `Trouble` and others, each with a fix. The daemon's guard is closed until the partners were asked.
    package init(_ premises: InstalledAgency, _ mode: Mode, _ now: @escaping @Sendable () -> Instant) throws {
        let (settings, folders) = (premises.settings, premises.folders)
        self.premises = premises
        keys = try KeyDirectory(folder: folders.keys)
        ledgerKeys = LedgerKeys(try keys.ledgerKeys(), known: try keys.ledgerPublicKeys())
        let log = mode.log
        sqlite = try Self.openLedger(premises, keys, ledgerKeys, mode.broken)
        if !mode.isDaemon { try Self.requireNoDoubt(sqlite) }
        let known = try Self.loadPartners(folders.partners, log, now)
        let law = LoadedLaw(
            try LawFiles.load(folders), admission: settings.admission, offices: settings.offices)
        let alarms = Alarms()
        rollback = RollbackState(sqlite, isClosed: mode.isDaemon)
        agency = Agency(
            us: OurIdentity(
                settings.agency, identity: keys.identity,
                keys: ActiveKeys(signer: try keys.signer(), opener: try keys.opener())),
            ledger: sqlite, partners: known, law: law, layout: try Layout(folders, settings.groups),
            rules: HouseRules(settings), alarms: alarms,
            clock: AgencyClock(alarms: alarms, log: log, now: now), rollback: rollback, log: log)
        noteKeys = NoteKeys(
            signer: ledgerKeys, ourKeys: { [ledgerKeys] in ledgerKeys.known }, crypto: OpenSSLLedgerCrypto())
        collections = Uncollected(hook: UrgentHook(agency.rules.urgentCommand, alarms: alarms, log: log))
        let doubts = Doubts()
        receiving = ReceivingParts(published: collections, doubts: doubts)
        let ourPlaces = agency.layout.places ?? Places(folders.roots)
        eraser = Erasing(
            sqlite, folders, ourPlaces, officers: settings.groups.officers, alarms: alarms)
        places = PlaceRecords(sqlite, ourPlaces, root: folders.root, doubts: doubts)
        partners = PartnerChanges(
            us: (settings.agency, keys.identity.fingerprint), files: PartnerFiles(folder: folders.partners),
            ledger: sqlite, known: known, catalogue: { law.current.catalogue })
    }

    /// Our own keys and card. The daemon says what is to be done when they change.
    package func keyRotation(reload: @escaping @Sendable () throws -> Void = {}) -> KeyRotation {
        KeyRotation(premises, ledger: agency.ledger, reload: reload)
    }

    /// Nothing below outbox/, work/, inbox/, sent/ and held/ is opened before its disk is known to be ours.
    package func openPlaces() async throws { try await places.begin(at: agency.clock.now()) }

    private func close() async throws { try await sqlite.close() }

    /// For whoever asks no more than whether it opens: broken agreements are no fault of the ledger.
    /// Signs a checkpoint and closes it again. Throws `Trouble` and `LedgerTrouble`.
    package static func tryLedger(_ premises: InstalledAgency) async throws {
        let keys = try KeyDirectory(folder: premises.folders.keys)
        let signer = LedgerKeys(try keys.ledgerKeys(), known: try keys.ledgerPublicKeys())
        let ledger = try openLedger(premises, keys, signer, { _ in })
        try requireNoDoubt(ledger)
        _ = try await ledger.checkpoint()
        try await ledger.close()
    }

    private static func openLedger(
        _ premises: InstalledAgency, _ keys: KeyDirectory, _ signer: any CheckpointSigner,
        _ broken: @escaping @Sendable (LedgerTrouble) -> Void
    ) throws -> SQLiteLedger {
        let door = LedgerDoor(premises)
        if let missing = try door.missing { throw missing }
        var opening = LedgerOpening()
        (opening.mayMake, opening.mark, opening.onBroken) = (try !door.hadOne, door.mark, broken)
        let ledger = try SQLiteLedger(
            path: premises.folders.ledger, of: LedgerOwner(premises.settings.agency, keys.identity.fingerprint),
            crypto: OpenSSLLedgerCrypto(), signer: signer, opening)
        try door.rememberOne()
        return ledger
    }

    /// The daemon reads such a ledger from its disk and checks it; a command leaves that to it.
    private static func requireNoDoubt(_ ledger: SQLiteLedger) throws {
        guard let doubt = ledger.doubt else { return }
        ledger.abandon()
        throw Trouble(
            "The ledger must be checked first.", why: doubt,
            fix: "Start waybilld: it reads the ledger from its disk and checks it before anything else.")
    }

    private static func loadPartners(
        _ folder: String, _ log: Logger, _ now: @escaping @Sendable () -> Instant
    ) throws -> Partners {
        let (partners, troubles) = try PartnerFiles(folder: folder).load()
        for (id, why) in troubles {
            log.error("partner not loaded", metadata: ["partner": "\(id)", "why": "\(why)"])
        }
        let known = Partners(partners, now: now)
        for revocation in try PartnerFiles(folder: folder).revocations { known.revoke(revocation) }
        return known
    }
}

extension OpenAgency.Mode {
    fileprivate var isDaemon: Bool { if case .daemon = self { true } else { false } }

    fileprivate var log: Logger {
        switch self {
        case .daemon(let log, _): log
        // A command says what it has to say itself.
        case .offline: Logger(label: "waybill", factory: { _ in SwiftLogNoOpLogHandler() })
        }
    }

    fileprivate var broken: @Sendable (LedgerTrouble) -> Void {
        switch self {
        case .daemon(_, let broken): broken
        // Its caller hears of it.
        case .offline: { _ in }
        }
    }
}

extension Layout {
    /// Guarded: nothing is opened before its places are (`PlaceRecords.begin`). Throws `Trouble` for a group that this
    /// machine does not know.
    fileprivate convenience init(_ folders: InstallationFolders, _ groups: Installation.Groups) throws {
        self.init(
            outbox: folders.outbox, work: folders.work, held: folders.held, sent: folders.sent, inbox: folders.inbox,
            groups: Groups(senders: try Self.group(groups.senders), readers: try Self.group(groups.readers)),
            isGuarded: true)
    }

    /// A group of this machine by its name; nil for none. Throws `Trouble` if there is no such group.
    package static func group(_ name: String?) throws -> Group? {
        guard let name else { return nil }
        guard let group = Group(named: name) else {
            throw Trouble(
                "The group \(name) does not exist.", why: "The settings name it.", fix: "groupadd --system \(name)")
        }
        return group
    }
}
