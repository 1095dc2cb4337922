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

    func put(_ job: Job) { queues[Lane(job.waybill, smallLimit: agency.rules.smallLimit)]?.put(job) }

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
            group.addTask { await self.keepNotes() }
            group.addTask { await self.listenForPartner() }
        }
    }

    /// Lets attempts under way end and starts no new ones.
    func stop() {
        stopping.withLock { $0 = true }
        urgent.wakeAll()
        for queue in queues.values { queue.close() }
        gate.wakeAll()
    }

    /// Only small files go together: a large one, or an emergency, has its worker to itself.
    private func work(_ lane: Lane) async {
        guard let queue = queues[lane] else { return }
        let most = lane == .small ? courier.batch : 1
        while !Task.isCancelled {
            let jobs = await queue.take(atMost: most)
            if jobs.isEmpty { return }
            if lane != .emergency { await gate.turn() }
            if Task.isCancelled { return }
            await attempt(jobs, lane)
        }
    }

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
