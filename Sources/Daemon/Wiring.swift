internal import Envelope
internal import Exchange
internal import Folders
package import Ledger
internal import LedgerSQLite
package import Logging
package import Premises
internal import Settings
internal import Statements
internal import Transport
internal import TransportFolder
internal import TransportHTTPS
package import Vocabulary
internal import Witness

/// The one place where concrete types meet: from an installation on disk to a working agency.
package struct Wiring: Sendable {
    let opened: OpenAgency
    let agency: Agency
    let content: ContentLoader
    let couriers: Couriers
    /// Read before this life writes of itself.
    let lastLife: LastLife
    let sending: Sending
    let arrivals: Arrivals
    let probe: RollbackProbe
    let checkpoints: CheckpointExchange
    let recovery: LedgerRecovery
    let collector: HTTPSCollector
    let folderCollector: FolderCollector?
    /// Nil where the settings name no time authority, or its certificate cannot be read.
    let timestamper: Timestamper?
    let placeWatch: PlaceWatch
    /// Our own keys and card, and partners' newer cards.
    let keys: KeyRotation
    let takeCard: CardTaker

    var rollback: RollbackState { opened.rollback }
    var premises: InstalledAgency { opened.premises }
    var log: Logger { agency.log }

    /// Opens the ledger and everything that needs it. Throws `Trouble` and others, each with a fix.
    /// - Parameter broken: called when the ledger can no longer be trusted.
    package init(
        _ premises: InstalledAgency, log: Logger, now: @escaping @Sendable () -> Instant,
        broken: @escaping @Sendable (LedgerTrouble) -> Void
    ) throws {
        let opened = try OpenAgency(premises, .daemon(log: log, broken: broken), now)
        self.opened = opened
        let (settings, folders, rollback) = (premises.settings, premises.folders, opened.rollback)
        let (ledgerKeys, partners) = (opened.ledgerKeys, opened.agency.partners)
        let tls = TLSKeys(try opened.keys.credentials())
        let card = try FileSystem.read(premises.cardPath)
        let road = Road(
            us: settings.agency, settings: settings, keys: tls, partners: partners, budget: opened.agency.budget,
            log: log)
        let couriers = Couriers(partners) { [clock = opened.agency.clock.ours] in
            ClockMindingCourier(try road.courier(to: $0), clock: clock)
        }
        self.couriers = couriers
        let probe = RollbackProbe(
            agency: opened.agency, rollback: rollback, noteKeys: opened.noteKeys, couriers: couriers.courier(to:))
        self.probe = probe
        let agency = opened.agency.guarded(by: rollback.asking { await probe.admit($0, isComing: $1) })
        self.agency = agency
        content = Self.content(premises, log, now)
        lastLife = LifeFile.lastLife(in: folders.root, at: agency.clock.now())
        let parts = try Self.sendingParts(premises, agency, content, lastLife)
        let sending = Sending(agency: agency, parts: parts, couriers: couriers)
        checkpoints = CheckpointExchange(
            agency: agency, noteKeys: opened.noteKeys, probe: probe, couriers: couriers.courier(to:))
        recovery = LedgerRecovery(agency: agency, rollback: rollback, couriers: couriers.courier(to:))
        let collector = try road.httpsCollector()
        let takeCard: CardTaker = { [now = agency.clock.now, skew = agency.clock.skew] card, partner in
            guard let (old, new) = try await opened.partners.take(card, from: partner.id, at: now()) else { return }
            log.notice("newer card", metadata: ["partner": "\(new.id)", "serial": "\(new.card.serial)"])
            skew.note(partner: new.id, their: new.card.issuedAt, sent: nil, received: now())
            await sending.cardChanged(old, new)
        }
        self.sending = sending
        self.collector = collector
        self.takeCard = takeCard
        let arrivals = Arrivals(
            agency: agency, parts: opened.receiving, questions: Countersigner(agency, opened.noteKeys),
            card: { (try? FileSystem.read(premises.cardPath)) ?? card }, takeCard: takeCard)
        self.arrivals = arrivals
        placeWatch = PlaceWatch(agency, opened.places) { await arrivals.takeUpAgain() }
        folderCollector = try road.folderCollector { [alarms = agency.alarms] in alarms.alarm($0, $1) }
        timestamper = TimeAuthoritySettings(premises).timestamper(agency) { [sqlite = opened.sqlite] in
            try await sqlite.moment(of: $0)
        }
        self.keys = opened.keyRotation { [chain = agency.us.keys, signals = agency.signals] in
            let keys = try KeyDirectory(folder: folders.keys)
            let retired = Dictionary(
                try SignedCard(ours: premises).card.retired.map { ($0.fingerprint, $0.at) }, uniquingKeysWith: min)
            try chain.replace(signer: keys.signer(), opener: keys.opener(), retired: retired)
            try ledgerKeys.replace(keys.ledgerKeys(), known: keys.ledgerPublicKeys())
            try tls.replace(keys.credentials())
            Task { await couriers.renew() }
            signals.send(.cardChanged)
        }
    }

    private static func content(
        _ premises: InstalledAgency, _ log: Logger, _ now: @escaping @Sendable () -> Instant
    ) -> ContentLoader {
        let content = ContentLoader(us: premises.settings.agency, now: now)
        do { try content.load(premises.folders) } catch {
            log.error(
                "the words of the content check cannot be read: nothing is checked", metadata: ["why": "\(error)"])
        }
        return content
    }

    private static func sendingParts(
        _ premises: InstalledAgency, _ agency: Agency, _ content: ContentLoader, _ lastLife: LastLife
    ) throws -> SendingParts {
        let officers = try Layout.group(premises.settings.groups.officers)
        return SendingParts(
            contacts: agency.rules.contacts,
            labelAuthors: LabelAuthors { id in officers.map { User.isMember(id, of: $0) } ?? false },
            lastLife: lastLife, look: content.look)
    }
}

/// Makes couriers and collectors as the settings ask for.
struct Road: Sendable {
    let us: AgencyID
    let settings: Installation
    let keys: TLSKeys
    let partners: Partners
    let budget: Budget
    let log: Logger

    func courier(to partner: Partner) throws -> any Courier {
        let chosen = settings.partner(partner.id)
        switch chosen.transport {
        case .folder:
            return FolderCourier(try road(chosen, partner.id))
        case .https:
            var limits = CourierLimits()
            limits.connections = max(4, settings.concurrency)
            return try HTTPSCourier(
                to: partner.id, at: chosen.address?.description ?? partner.card.address, keys: keys,
                directory: partners, limits: limits)
        }
    }

    func httpsCollector() throws -> HTTPSCollector {
        var limits = CollectorLimits()
        limits.minimumRate = MinimumRate(
            bytes: max(1, Int(clamping: 30 * settings.limits.minimumRate)), per: .seconds(30))
        return try HTTPSCollector(
            host: settings.listen.host, port: settings.listen.port, keys: keys, directory: partners,
            limits: limits, budget: budget, log: log)
    }

    /// Nil where no partner is reached by folder.
    func folderCollector(_ alarm: @escaping FolderCollector.Alarm) throws -> FolderCollector? {
        let roads = try settings.partners.filter { $0.value.transport == .folder }.map { try road($0.value, $0.key) }
        let (partners, interval) = (partners, settings.scanInterval)
        guard !roads.isEmpty else { return nil }
        return FolderCollector(
            roads: { roads.filter { partners[$0.partner] != nil } }, every: interval, log: log, alarm: alarm)
    }

    private func road(_ chosen: PartnerSettings, _ id: AgencyID) throws -> FolderRoad {
        FolderRoad(path: try share(chosen, id), us: us, partner: id)
    }

    private func share(_ chosen: PartnerSettings, _ id: AgencyID) throws -> String {
        guard let path = chosen.path else {
            throw Trouble(
                "\(id) is reached by folder, but no folder is named.",
                why: "partners.\(id).path is missing in the settings.",
                fix: "Add path: /where/the/share/is/mounted")
        }
        return path
    }
}
