internal import Folders
internal import Law
internal import Logging
internal import Policy
internal import Statements
internal import Vocabulary

/// Watches every outbox folder and claims what is complete, in batches, in the order of arrival.
///
/// A scan is the rule and inotify a hint. Each partner's folders are looked at one after another (`OutboxRounds`), so that
/// nothing here needs a lock; the work is a few system calls a file. There are two: one for the routes of emergencies and one
/// for all others, so that an urgent file waits for no scan of another folder.
///
/// A name that is under way is claimed all the same, into the next batch folder: nobody's file is written over by the next
/// one of its name. Beyond the bound of claims ahead, other names stay in the outbox, where they can be seen.
package actor Outbox {
    /// One `outbox/PARTNER/ROUTE`.
    struct Drop {
        let partner: AgencyID
        let route: RouteName
        let folder: Folder
        let root: WorkFolder.Root
        let claimer: FileClaimer
        /// What lay here after a power cut, by inode.
        let present: [FileName: UInt64]
        var scanner: RouteScanner
        /// Something complete was left for later.
        var isBehind = false
        /// Labels that were read here and make nothing urgent, as they were then.
        var usual: [FileName: FileStamp] = [:]
        /// What only the attempt to claim could tell.
        var refused: [FileName: Folders.Problem] = [:]
        /// What does not go by itself.
        var memory = OutboxMemory()

        func named(_ name: FileName) -> WorkRegister.Name { .init(partner: partner, route: route, name: name) }
    }

    private enum Event: Sendable {
        case tick
        case hints([FolderHint])
    }

    let agency: Agency
    let parts: SendingParts
    let register: WorkRegister
    /// Which routes it serves.
    nonisolated let isUrgent: Bool
    let claimed: @Sendable ([ClaimedFile]) async -> Void
    private let list: RouteScanner.Lister
    var rounds: [Job: Round] = [:]
    /// Jobs that wait for their turn.
    var queue: [Job] = []
    private(set) var isStopping = false
    var drops: [Int: Drop] = [:]
    /// What lay beside the routes at the last look, by folder.
    var strays: [String: Set<FileName>] = [:]
    var straysAt: Int64?
    private var numbers: [String: Int] = [:]
    private var lastNumber = 0
    /// A tick waits to be handled: another would only repeat it.
    private var isTicking = false
    /// Of the places in which these folders were opened.
    private var generation = 0
    private var watcher: FolderWatcher?
    private let events: AsyncStream<Event>
    private let tell: AsyncStream<Event>.Continuation

    init(
        agency: Agency, parts: SendingParts, register: WorkRegister, isUrgent: Bool,
        list: @escaping RouteScanner.Lister, claimed: @escaping @Sendable ([ClaimedFile]) async -> Void
    ) {
        self.agency = agency
        self.parts = parts
        self.register = register
        self.isUrgent = isUrgent
        self.list = list
        // Whoever goes on with them does not do it on the thread of their folder.
        self.claimed = { files in await Aside.leaving { await claimed(files) } }
        (events, tell) = AsyncStream<Event>.makeStream()
    }

    /// Works until cancelled.
    func run() async {
        watcher = try? FolderWatcher()
        if watcher == nil { agency.log.warning("no inotify instance is left: the outbox is scanned only") }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            group.addTask { await self.listen() }
            scanSoon()
            for await event in events {
                if Task.isCancelled { break }
                handle(event)
            }
            isStopping = true
            await untilAtRest()
            watcher?.stop()
            group.cancelAll()
        }
    }

    func stop() { tell.finish() }

    /// A file of this route left work/: what was left for later may be claimed.
    func freed(_ name: WorkRegister.Name) {
        guard let number = numbers["\(name.partner)/\(name.route)"], drops[number]?.isBehind == true,
            register.count(name.partner, name.route) <= agency.rules.claimsAhead / 2
        else { return }
        drops[number]?.isBehind = false
        scanSoon()
    }

    private func scanSoon() {
        guard !isTicking else { return }
        isTicking = true
        tell.yield(.tick)
    }

    private func tick() async {
        while !Task.isCancelled {
            let due = drops.values.compactMap { $0.scanner.nextDue(after: BootClock.now()) }.min()
            let untilDue = due.map { Double($0 - BootClock.now()) / 1e9 + 0.005 } ?? .infinity
            try? await Task.sleep(for: .seconds(max(0.02, min(agency.rules.scanInterval, untilDue))))
            scanSoon()
        }
    }

    private func listen() async {
        guard let hints = watcher?.hints else { return }
        for await batch in hints { tell.yield(.hints(batch)) }
    }

    private func handle(_ event: Event) {
        switch event {
        case .tick:
            isTicking = false
            scanAll()
        case .hints(let hints) where hints.contains(where: { $0.kind == .overflow || $0.kind == .folderGone }):
            scanAll()
        case .hints(let hints): look(at: hints)
        }
        agency.alarms.scanned(isUrgent ? .urgentOutbox : .outbox)
    }

    private func scanAll() {
        forgetUnserved()
        scanSoon(Set(agency.partners.all.map(\.id)).union(drops.values.map(\.partner)))
    }

    func scan(_ partner: AgencyID) async {
        await openRoutes(of: partner)
        for number in drops.keys.sorted() where drops[number]?.partner == partner && !isStopping {
            await scan(number)
        }
    }

    private func scan(_ number: Int) async {
        guard let drop = drops[number] else { return }
        do {
            let (scanner, scan, free) = try await Blocking.run {
                var scanner = drop.scanner
                let scan = try scanner.scan(at: BootClock.now())
                return (scanner, scan, drop.free(for: scan.ready))
            }
            drops[number]?.scanner = scanner
            let there = Set(scan.ready.map(\.name))
            drops[number]?.refused = drop.refused.filter { there.contains($0.key) }
            drops[number]?.usual = drop.usual.filter { there.contains($0.key) }
            await report(scan, number)
            await claim(scan.ready, number, free: free)
        } catch {
            forget(number, because: error)
        }
    }

    /// Names of one partner's folders, as the kernel told them.
    func look(_ hints: [FolderHint]) async {
        for (number, hints) in Dictionary(grouping: hints, by: { $0.folder ?? -1 }) {
            guard let drop = drops[number] else { continue }
            do {
                let (scanner, ready, free) = try await Blocking.run {
                    var scanner = drop.scanner
                    var ready: [ReadyDrop] = []
                    let now = BootClock.now()
                    for hint in hints {
                        guard let name = hint.name else { continue }
                        ready += try scanner.look(at: name, hint.kind.sign, at: now).ready
                    }
                    return (scanner, ready, drop.free(for: ready))
                }
                drops[number]?.scanner = scanner
                await claim(ready, number, free: free)
            } catch {
                forget(number, because: error)
            }
        }
    }

    /// A folder that was removed or unmounted is opened anew at the next scan.
    func forget(_ number: Int, because error: any Error) {
        guard let drop = forget(number) else { return }
        agency.log.warning(
            "outbox folder trouble",
            metadata: [
                "partner": "\(drop.partner)", "route": "\(drop.route)", "why": "\(error)",
            ])
    }

    @discardableResult
    private func forget(_ number: Int) -> Drop? {
        guard let drop = drops.removeValue(forKey: number) else { return nil }
        numbers["\(drop.partner)/\(drop.route)"] = nil
        return drop
    }

    private var served: [Route] { agency.law.routes.filter { $0.emergency == isUrgent } }

    private func forgetUnserved() {
        // An agreement that was loaded anew may have made a route urgent, or no longer.
        let served = Set(served.map(\.name))
        for (number, drop) in drops where !served.contains(drop.route) { forget(number) }
        guard generation != agency.layout.generation else { return }
        // A disk went or came back: what is open may be the one that is gone.
        for number in Array(drops.keys) { forget(number) }
        generation = agency.layout.generation
    }

    private func openRoutes(of partner: AgencyID) async {
        guard agency.partners[partner] != nil else { return }
        for route in served where numbers["\(partner)/\(route.name)"] == nil {
            do { try await open(partner, route) } catch {
                agency.alarms.alarm(
                    "outbox/\(partner)/\(route.name)", "The outbox folder cannot be opened: \(error)")
            }
        }
    }

    private func open(_ partner: AgencyID, _ route: Route) async throws {
        let (layout, lastLife, opening) = (agency.layout, parts.lastLife, generation)
        let (folder, root, kind, present) = try await Blocking.run {
            let folder = try layout.outbox(partner, route.name)
            let root = try layout.workRoot(partner, route.name)
            return (folder, root, FileSystemKind.of(folder), try lastLife.present(in: folder))
        }
        // A disk went or came back meanwhile: it is opened anew at the next scan.
        guard opening == generation else { return }
        // Never one that a folder had before: hints of that one may still come.
        lastNumber += 1
        let number = lastNumber
        drops[number] = Drop(
            partner: partner, route: route.name, folder: folder, root: root,
            claimer: FileClaimer(leases: kind.leasesWork, privateDrops: layout.privateDrops),
            present: present,
            scanner: RouteScanner(
                folder, settle: Int64(agency.rules.settle * 1e9),
                sidecars: route.sideCarRequired ? .required : .optional, list: list))
        numbers["\(partner)/\(route.name)"] = number
        agency.alarms.alarm("outbox/\(partner)/\(route.name)", nil)
        await watch(folder, number)
    }

    private func watch(_ folder: Folder, _ number: Int) async {
        let watcher = watcher
        let watched = try? await Blocking.run { (LeaseTrust.of(folder), watcher?.watch(folder, id: number)) }
        guard let (trust, trouble) = watched else { return }
        sayWhetherLeased(trust)
        if let trouble {
            agency.log.notice("outbox folder is scanned only", metadata: ["why": "\(trouble)"])
        }
    }
}
