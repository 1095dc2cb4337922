package import Folders
internal import Ledger
internal import Logging
internal import Statements
internal import Synchronization
internal import Transport
package import Vocabulary

/// The sending half of the daemon: outbox to receipt.
///
///     Outbox ─► weigh ─► label ─► sign ─► Dispatcher (one a partner) ─► FileAway
///     (urgent)    │        └► hold ─────────────────────────────────────► held/
///     (others)    └─ three lanes, each with workers and a queue of its own
///
/// What lies in work/ belongs to somebody, always (`WorkRegister`); once a minute, and first at a start, work/ is looked
/// through for what does not (`WorkLook`).
package final class Sending: Sendable {
    let agency: Agency
    let parts: SendingParts
    let looker: ContentLooker
    let couriers: Couriers
    let dispatchers = Mutex<[AgencyID: (Dispatcher, Task<Void, Never>)]>([:])
    let register = WorkRegister()
    let tray: FileAway
    let outboxes: [Outbox]
    private let queues: [Lane: WorkQueue<Prepared>]
    /// The smallest of all, which are prepared together.
    private let together = WorkQueue<Prepared>()
    /// Whether what a former life left has been looked through: until then nobody may move files in work/.
    let isRecovered = Watched(false)
    /// Whether the waiting notes of a former life are gone.
    let isTidied = Mutex(false)
    /// Partners whose every file in work/ has been looked at in this life.
    let lookedAt = Mutex<Set<AgencyID>>([])
    let isAsking = Mutex(false)
    /// What waits for partners who were removed.
    let parked = Mutex<[AgencyID: [SignedWaybill]]>([:])
    /// What waits for an earlier file of its name.
    let behind = Mutex<[WorkRegister.Name: [Prepared]]>([:])
    /// What cannot be prepared just now, and why.
    let unprepared = Mutex<[ConsignmentID: String]>([:])
    package let weighings = Weighings()
    /// What is looked into for so long that the others it was prepared with have gone on.
    let slow = WorkQueue<Looked>()
    /// One sender's large files never take every turn: another's comes in between.
    private let bulkTurns = SenderTurns(atMost: Lane.bulk.preparers / 2)
    /// Nor do large files take every turn of emergencies: a message of two lines waits for none of them.
    private let urgentTurns = SenderTurns(atMost: Lane.emergency.preparers / 2)

    /// - Parameter list: how a folder's names are read.
    package init(
        agency: Agency, parts: SendingParts, couriers: Couriers,
        list: @escaping RouteScanner.Lister = RouteScanner.entries
    ) {
        (self.agency, self.parts, self.couriers) = (agency, parts, couriers)
        tray = FileAway(agency: agency)
        looker = ContentLooker(agency: agency, look: parts.look)
        let queues = Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, WorkQueue<Prepared>()) })
        self.queues = queues
        let (smallLimit, register, together) = (agency.rules.smallLimit, register, together)
        outboxes = [true, false].map { isUrgent in
            Outbox(agency: agency, parts: parts, register: register, isUrgent: isUrgent, list: list) { files in
                for file in files {
                    let item = Prepared(claimed: file, record: nil)
                    Self.queue(of: item, queues, together, smallLimit)?.put(item)
                }
            }
        }
    }

    /// Finishes what a former life left, claims and sends until cancelled.
    package func run() async throws {
        agency.partners.revoked.forEach(tell)
        try await agency.rollback.untilClear()
        await withDiscardingTaskGroup { group in
            for lane in Lane.allCases {
                for _ in 0..<lane.preparers {
                    group.addTask(priority: lane.priority) {
                        await Urgency.first(lane == .emergency) { await self.prepareAll(lane) }
                    }
                }
            }
            for _ in 0..<Lane.togetherPreparers { group.addTask { await self.prepareTogether() } }
            for _ in 0..<Lane.togetherPreparers { group.addTask { await self.decideSlow() } }
            group.addTask { await self.lookThroughWork() }
            for outbox in outboxes { group.addTask { await self.serve(outbox) } }
            group.addTask { await self.serveFreed() }
            await self.untilCancelled()
            await self.stop()
            group.cancelAll()
        }
        await tray.drain()
    }

    /// Where order is promised, nothing is claimed before what a former life left stands in the register. An urgent file
    /// waits for nothing.
    private func serve(_ outbox: Outbox) async {
        if outbox.isUrgent { return await Urgency.first { await outbox.run() } }
        try? await isRecovered.untilOpen()
        await outbox.run()
    }

    private func untilCancelled() async {
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    private func stop() async {
        for outbox in outboxes { await outbox.stop() }
        register.stop()
        for queue in queues.values { queue.close() }
        together.close()
        slow.close()
        let running = dispatchers.withLock { Array($0.values) }
        for (dispatcher, task) in running {
            dispatcher.stop()
            task.cancel()
            dispatcher.gate.wakeAll()
        }
        for (_, task) in running { await task.value }
        await couriers.shutdown()
    }

    func put(_ item: Prepared) { Self.queue(of: item, queues, together, agency.rules.smallLimit)?.put(item) }

    private static func queue(
        of item: Prepared, _ queues: [Lane: WorkQueue<Prepared>], _ together: WorkQueue<Prepared>, _ smallLimit: Int64
    ) -> WorkQueue<Prepared>? {
        let lane = item.lane(smallLimit)
        let isTogether = lane == .small && item.record == nil && item.claimed.size <= Lane.smallTogether
        return isTogether ? together : queues[lane]
    }

    /// What waits when a worker is free goes together.
    private func prepareTogether() async {
        while !Task.isCancelled {
            let items = await together.take(atMost: Lane.preparedTogether)
            if items.isEmpty { return }
            await prepare(together: items)
        }
    }

    private func prepareAll(_ lane: Lane) async {
        while !Task.isCancelled, let item = await queues[lane]?.take().first {
            guard let (turns, whose) = turns(item, lane) else {
                await prepare(item)
                continue
            }
            guard turns.begin(whose) else {
                later(item, after: 0.2)
                continue
            }
            await prepare(item)
            turns.end(whose)
        }
    }

    /// Nil: it is small, and waits for no turn.
    private func turns(_ item: Prepared, _ lane: Lane) -> (SenderTurns, String)? {
        guard item.claimed.size >= agency.rules.smallLimit else { return nil }
        return lane == .emergency ? (urgentTurns, "") : (bulkTurns, item.claimed.account)
    }

    /// The next file of a name, once the one before it has left work/.
    private func serveFreed() async {
        for await name in register.freed {
            let next = behind.withLock { behind -> Prepared? in
                guard var waiting = behind[name], !waiting.isEmpty else { return nil }
                let first = waiting.removeFirst()
                behind[name] = waiting.isEmpty ? nil : waiting
                return first
            }
            if let next { put(next) }
            for outbox in outboxes { await outbox.freed(name) }
        }
    }

    /// The dispatcher of a partner, made and started when first needed.
    func dispatcher(for id: AgencyID) throws -> Dispatcher {
        guard agency.partners[id] != nil else { throw UnknownPartner(id: id) }
        return try dispatchers.withLock { table in
            if let (known, _) = table[id] { return known }
            let courier = try couriers.courier(to: id)
            let made = Dispatcher(agency: agency, partner: id, courier: courier, file: tray.soon) { [weak self] in
                await self?.again($0)
            }
            table[id] = (made, Task { await Urgency.$isUrgent.withValue(false) { await made.run() } })
            return made
        }
    }

    /// After a card changed, a partner went or came back: the next delivery uses a new courier. What waits for a partner
    /// who is gone is kept until they are added again.
    package func partnerChanged(_ id: AgencyID) async {
        let (running, courier) = takeDispatcher(id)
        let waiting = takeParked(id) + (await ended(running))
        await courier?.shutdown()
        for waybill in waiting { goOn(with: waybill) }
    }

    /// Both at once, so that no new dispatcher gets the old courier.
    func takeDispatcher(_ id: AgencyID) -> (running: (Dispatcher, Task<Void, Never>)?, courier: (any Courier)?) {
        dispatchers.withLock { ($0.removeValue(forKey: id), couriers.forget(id)) }
    }

    /// Stops one that has been taken. Returns what it had on its way.
    func ended(_ running: (Dispatcher, Task<Void, Never>)?) async -> [SignedWaybill] {
        guard let (dispatcher, task) = running else { return [] }
        dispatcher.stop()
        task.cancel()
        dispatcher.gate.wakeAll()
        await task.value
        return dispatcher.underway.handOver().map(\.waybill)
    }

    func takeParked(_ id: AgencyID) -> [SignedWaybill] { parked.withLock { $0.removeValue(forKey: id) ?? [] } }
    func park(_ waybill: SignedWaybill) { parked.withLock { $0[waybill.partner, default: []].append(waybill) } }

    /// On its way again, after whatever had taken it off.
    func goOn(with waybill: SignedWaybill) {
        do { try enqueue(waybill, mayBeThere: true) } catch { park(waybill) }
    }

    /// Throws `UnknownPartner`.
    func enqueue(_ waybill: SignedWaybill, mayBeThere: Bool) throws {
        while try !dispatcher(for: waybill.partner).enqueue(waybill, mayBeThere: mayBeThere) {}
    }

    /// What is on its way now, by partner.
    package var underway: [(partner: AgencyID, isAway: Bool, items: [Underway])] {
        dispatchers.withLock { $0 }.sorted { $0.key < $1.key }.map { id, running in
            (id, running.0.gate.isAway, running.0.waiting)
        }
    }
}
