internal import Envelope
internal import Exchange
internal import Folders
package import Ledger
internal import LedgerSQLite
package import Logging
package import Premises
internal import Settings
internal import Transport
internal import TransportFolder
internal import TransportHTTPS
package import Vocabulary

/// The one place where concrete types meet: from an installation on disk to a working agency.
package struct Wiring: Sendable {
    let agency: OpenAgency
    let sending: Sending
    let arrivals: Arrivals
    let gatekeeper: Gatekeeper
    let swapper: Swapper
    let restorer: Restorer
    let collector: HTTPSCollector
    let folderCollector: FolderCollector?
    /// Nil where the settings name no time authority, or its certificate cannot be read.
    let timestamper: Timestamper?
    let placeWatch: PlaceWatch
    /// Our own keys and card, and partners' newer cards.
    let keys: KeyOffice
    let takeCard: CardTaker

    var office: Office { agency.office }
    var premises: Premises { agency.premises }
    var log: Logger { office.log }

    /// Opens the ledger and everything that needs it. Throws `Trouble` and others, each with a fix.
    /// - Parameter broken: called when the ledger can no longer be trusted.
    package init(
        _ premises: Premises, log: Logger, now: @escaping @Sendable () -> Instant,
        broken: @escaping @Sendable (LedgerTrouble) -> Void
    ) throws {
        let agency = try OpenAgency(premises, .daemon(log: log, broken: broken), now)
        self.agency = agency
        let (settings, folders, office) = (premises.settings, premises.folders, agency.office)
        let (keys, ledgerKeys, book) = (agency.keys, agency.ledgerKeys, agency.book)
        let tls = TLSKeys(try keys.credentials())
        let card = try FileSystem.read(premises.cardPath)
        let road = Road(
            us: settings.agency, settings: settings, keys: tls, book: book, budget: office.budget, log: log)
        let sending = Sending(office: office) { [clock = office.clock] in
            ClockMindingCourier(try road.courier(to: $0), clock: clock)
        }
        let couriers: Gatekeeper.Couriers = { try sending.questions(to: $0) }
        let gatekeeper = Gatekeeper(office: office, couriers: couriers)
        office.barrier.close(asker: { await gatekeeper.admit($0, isComing: $1) })
        self.gatekeeper = gatekeeper
        swapper = Swapper(office: office, gatekeeper: gatekeeper, couriers: couriers)
        restorer = Restorer(office: office, couriers: couriers)
        let collector = try road.httpsCollector()
        let takeCard: CardTaker = { [now = office.now, skew = office.skew] card, partner in
            guard let (old, new) = try await agency.partners.take(card, from: partner.id, at: now()) else { return }
            log.notice("newer card", metadata: ["partner": "\(new.id)", "serial": "\(new.card.serial)"])
            skew.note(partner: new.id, their: new.card.issuedAt, sent: nil, received: now())
            await sending.cardChanged(old, new)
        }
        self.sending = sending
        self.collector = collector
        self.takeCard = takeCard
        let arrivals = Arrivals(
            office: office, card: { (try? FileSystem.read(premises.cardPath)) ?? card }, takeCard: takeCard)
        self.arrivals = arrivals
        placeWatch = PlaceWatch(office, agency.places) { await arrivals.takeUpAgain() }
        folderCollector = try road.folderCollector { [standing = office.standing] in standing.alarm($0, $1) }
        timestamper = TimeRoom(premises).timestamper(office) { [sqlite = agency.sqlite] in
            try await sqlite.moment(of: $0)
        }
        self.keys = agency.keyOffice { [chain = office.keys, signals = office.signals] in
            let keys = try KeyCupboard(folder: folders.keys)
            let retired = Set(try OurCard(premises).card.retired.map(\.fingerprint))
            try chain.replace(signer: keys.signer(), opener: keys.opener(), retired: retired)
            try ledgerKeys.replace(keys.ledgerKeys(), known: keys.ledgerPublicKeys())
            let credentials = try keys.credentials()
            try collector.present(credentials)
            tls.replace(credentials)
            Task { await sending.renewCouriers() }
            signals.send(.cardChanged)
        }
    }
}

/// Makes couriers and collectors as the settings ask for.
struct Road: Sendable {
    let us: AgencyID
    let settings: Installation
    let keys: TLSKeys
    let book: PartnerBook
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
                directory: book, limits: limits)
        }
    }

    func httpsCollector() throws -> HTTPSCollector {
        var limits = CollectorLimits()
        limits.minimumRate = MinimumRate(
            bytes: max(1, Int(clamping: 30 * settings.limits.minimumRate)), per: .seconds(30))
        return try HTTPSCollector(
            host: settings.listen.host, port: settings.listen.port, credentials: keys.present, directory: book,
            limits: limits, budget: budget, log: log)
    }

    /// Nil where no partner is reached by folder.
    func folderCollector(_ alarm: @escaping FolderCollector.Alarm) throws -> FolderCollector? {
        let roads = try settings.partners.filter { $0.value.transport == .folder }.map { try road($0.value, $0.key) }
        let (book, interval) = (book, settings.scanInterval)
        guard !roads.isEmpty else { return nil }
        return FolderCollector(
            roads: { roads.filter { book[$0.partner] != nil } }, every: interval, log: log, alarm: alarm)
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
