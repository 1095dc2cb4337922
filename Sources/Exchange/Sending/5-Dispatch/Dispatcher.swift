internal import Folders
internal import Ledger
internal import Synchronization
internal import Transport
package import Vocabulary

/// Sends signed waybills to one partner until each has ended: a receipt, a refusal, or the file changed.
///
///     queued ─► turn at the gate ─► carry a batch ─► receipts ─► in the ledger ─► sent/
///                  ▲                  │
///                  └── try later ◄────┘   (after the first attempt always GET first: perhaps it is there already)
///
/// An emergency asks for no turn: it has workers, connections and a schedule of its own (`UrgentSchedule`).
package final class Dispatcher: Sendable {
    package let partner: AgencyID
    let agency: Agency
    let courier: any Courier
    /// Takes what has ended out of work/.
    let file: @Sendable (ClaimedFile, Filing) -> Void
    let again: @Sendable (ClaimedFile) async -> Void
    package let gate: PartnerGate
    let underway = UnderwayTable()
    let urgent = UrgentState()
    private let queues = Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, WorkQueue<Job>()) })
    /// Small files that go together.
    private let together = WorkQueue<Job>()
    private let stopping = Mutex(false)
    var isStopping: Bool { stopping.withLock { $0 } }

    struct Job: Sendable {
        let waybill: SignedWaybill
        /// True when a former attempt or a former life of the daemon may have reached the partner.
        var mayBeThere: Bool
        var attempts = 0

        var id: ConsignmentID { waybill.id }
    }

    /// - Parameter again: has a file signed anew, under another id.
    init(
        agency: Agency, partner: AgencyID, courier: any Courier,
        file: @escaping @Sendable (ClaimedFile, Filing) -> Void, again: @escaping @Sendable (ClaimedFile) async -> Void
    ) {
        self.agency = agency
        self.again = again
        self.partner = partner
        self.courier = courier
        self.file = file
        gate = PartnerGate(RetrySchedule(first: agency.rules.retryFirst, most: agency.rules.retryMost))
    }

    package var waiting: [Underway] { underway.all.sorted { $0.waybill.id < $1.waybill.id } }

    /// - Returns: false if this dispatcher has ended, and another one serves the partner.
    func enqueue(_ waybill: SignedWaybill, mayBeThere: Bool) -> Bool {
        guard underway.add(Underway(waybill, mayBeThere: mayBeThere)) else { return false }
        put(Job(waybill: waybill, mayBeThere: mayBeThere))
        return true
    }

    func put(_ job: Job) { queue(of: job)?.put(job) }

    private func queue(of job: Job) -> WorkQueue<Job>? {
        let lane = Lane(job.waybill, smallLimit: agency.rules.smallLimit)
        let isTogether = lane == .small && courier.batch.takes(job.waybill.waybill.file.size)
        return isTogether ? together : queues[lane]
    }

    /// Serves all lanes until cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for lane in Lane.allCases {
                for _ in 0..<lane.workers(of: agency.rules.concurrency) {
                    group.addTask(priority: lane.priority) {
                        await Urgency.first(lane == .emergency) { await self.work(lane) }
                    }
                }
            }
            let workers = min(courier.batch.abreast, Lane.small.workers(of: agency.rules.concurrency))
            for _ in 0..<workers { group.addTask { await self.workTogether() } }
            group.addTask { await self.keepNotes() }
            group.addTask { await self.listenForPartner() }
        }
    }

    /// Lets attempts under way end and starts no new ones.
    func stop() {
        stopping.withLock { $0 = true }
        urgent.wakeAll()
        for queue in queues.values { queue.close() }
        together.close()
        gate.wakeAll()
    }

    /// One by one: a large file, an emergency, or whatever goes to a partner who takes no batches.
    private func work(_ lane: Lane) async {
        guard let queue = queues[lane] else { return }
        while !Task.isCancelled, let job = await queue.take().first {
            // It was put here before the partner said that it takes batches.
            guard self.queue(of: job) === queue else {
                put(job)
                continue
            }
            if lane != .emergency { await gate.turn() }
            if Task.isCancelled { return }
            await attempt([job], lane)
        }
    }

    /// What waits when a worker is free, as much as goes at once: so each is settled as soon as its own request has ended. Whoever
    /// asks whether a partner is back asks with one.
    private func workTogether() async {
        while !Task.isCancelled {
            let bounds = courier.batch
            var bytes = bounds.bytes
            let jobs = await together.take(atMost: gate.isAway ? 1 : bounds.count) { job in
                bytes -= job.waybill.waybill.file.size + Self.sealed
                return bytes >= 0
            }
            if jobs.isEmpty { return }
            await gate.turn()
            if Task.isCancelled { return }
            await attempt(jobs, .small)
        }
    }

    /// Bytes that a small file's usual waybill has, and what sealing adds.
    private static let sealed: Int64 = 8192

    /// What was found when a consignment was taken back.
    enum TakenBack: Sendable {
        /// It will not be sent any more. `left`: some of it, or all, may be with the partner.
        case stopped(SignedWaybill, left: Bool)
        /// It had ended before, or is unknown here.
        case ended
    }

    /// Returns once no attempt runs any more. If what follows is not committed, a restart sends it after all.
    func takeBack(_ id: ConsignmentID) async -> TakenBack {
        guard let item = await underway.takeBack(id) else { return .ended }
        return .stopped(item.waybill, left: item.hasBegun)
    }
}
