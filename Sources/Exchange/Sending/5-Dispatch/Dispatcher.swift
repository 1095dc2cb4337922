internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Statements
internal import Transport
package import Vocabulary

/// Sends signed waybills to one partner until each has ended: a receipt, a refusal, or the file changed.
///
///     queued ─► turn at the gate ─► carry ─► receipt ─► in the ledger ─► sent/
///                  ▲                  │
///                  └── try later ◄────┘   (after the first attempt always GET first: perhaps it is there already)
///
/// An emergency asks for no turn: it has workers, connections and a schedule of its own (`UrgentSchedule`).
package actor Dispatcher {
    package nonisolated let partner: AgencyID
    let agency: Agency
    let courier: any Courier
    /// Takes what has ended out of work/.
    let file: @Sendable (ClaimedFile, Filing) async -> Void
    let again: @Sendable (ClaimedFile) async -> Void
    package nonisolated let gate: PartnerGate
    private let queues = Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, WorkQueue<Job>()) })
    var underway: [ConsignmentID: Underway] = [:]
    var isStopping = false
    /// What sleeps until its next urgent attempt.
    var sleepers: [ConsignmentID: Task<Void, Never>] = [:]
    var urgentLog = UrgentLog()
    /// Boot clock, nanoseconds: when the partner's speaking to us last woke what waits.
    var wokenAt: Int64?
    /// Who waits until no attempt of a consignment runs any more.
    private var untilNoneRuns: [ConsignmentID: [CheckedContinuation<Void, Never>]] = [:]

    struct Job: Sendable {
        let waybill: SignedWaybill
        /// True when a former attempt or a former life of the daemon may have reached the partner.
        var mayBeThere: Bool
        var attempts = 0
    }

    /// What `status` shows of one consignment.
    package struct Underway: Sendable {
        package let waybill: SignedWaybill
        package var attempts = 0
        package var why: String?
        package var nextAt: Instant?
        var noted: String?
        /// By a person: no attempt is begun, and one that runs stops at its next part.
        var isTakenBack = false
        /// A byte of it may have left.
        var hasBegun = false
        /// Attempts that run. An emergency that is tried again at once begins its next before the last has ended.
        var inFlight = 0
        /// Boot clock, nanoseconds: since when it waits.
        var since = BootClock.now()
        /// Which key of theirs the last attempt was sealed to.
        var sealedTo: Fingerprint?
    }

    /// - Parameter again: has a file signed anew, under another id.
    init(
        agency: Agency, partner: AgencyID, courier: any Courier,
        file: @escaping @Sendable (ClaimedFile, Filing) async -> Void,
        again: @escaping @Sendable (ClaimedFile) async -> Void
    ) {
        self.agency = agency
        self.again = again
        self.partner = partner
        self.courier = courier
        self.file = file
        gate = PartnerGate(RetrySchedule(first: agency.rules.retryFirst, most: agency.rules.retryMost))
    }

    package var waiting: [Underway] { underway.values.sorted { $0.waybill.id < $1.waybill.id } }

    /// The road may forget a consignment that a former life of the daemon saw ended.
    nonisolated func settled(_ id: ConsignmentID) async { await courier.settled(id) }

    func enqueue(_ waybill: SignedWaybill, mayBeThere: Bool) async {
        underway[waybill.id] = Underway(waybill: waybill, hasBegun: mayBeThere)
        // Of a former life: it has waited for long enough.
        if mayBeThere { underway[waybill.id]?.since = .min }
        await put(Job(waybill: waybill, mayBeThere: mayBeThere))
    }

    func put(_ job: Job) async {
        await queues[Lane(job.waybill, smallLimit: agency.rules.smallLimit)]?.put(job)
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
            group.addTask { await self.keepNotes() }
            group.addTask { await self.listenForPartner() }
        }
    }

    /// Lets attempts under way end and starts no new ones.
    func stop() async {
        isStopping = true
        for sleeper in sleepers.values { sleeper.cancel() }
        for queue in queues.values { await queue.close() }
        await gate.wakeAll()
    }

    private nonisolated func work(_ lane: Lane) async {
        while !Task.isCancelled, let job = await queues[lane]?.take() {
            if lane != .emergency { await gate.turn() }
            if Task.isCancelled { return }
            await attempt(job)
        }
    }

    private nonisolated func attempt(_ job: Job) async {
        guard await begin(job) else { return await learntNothing(job) }
        await carryOut(job)
        await end(job)
    }

    private func begin(_ job: Job) -> Bool {
        // Its job may still wait in a queue, or sleep until the next try, when it has been taken back and forgotten.
        guard let item = underway[job.waybill.id], !item.isTakenBack else { return false }
        underway[job.waybill.id]?.inFlight += 1
        return true
    }

    private func end(_ job: Job) {
        underway[job.waybill.id]?.inFlight -= 1
        guard underway[job.waybill.id]?.inFlight ?? 0 == 0 else { return }
        for waiting in untilNoneRuns.removeValue(forKey: job.waybill.id) ?? [] { waiting.resume() }
    }

    /// Asked before each message: false once it has been taken back, else from now on some of it may have left.
    private func leaves(_ id: ConsignmentID) -> Bool {
        guard let item = underway[id], !item.isTakenBack else { return false }
        underway[id]?.hasBegun = true
        return true
    }

    private func note(_ id: ConsignmentID, sealedTo key: Fingerprint) { underway[id]?.sealedTo = key }

    /// What lies on a share may be sealed to a key that they have retired since, and will not open much longer. Of what a
    /// former life laid there only the date is known.
    private func isSealedInVain(_ waybill: SignedWaybill, to partner: Partner) -> Bool {
        let retired = partner.card.retired.filter { $0.role == .sealing }
        if let key = underway[waybill.id]?.sealedTo { return retired.contains { $0.fingerprint == key } }
        return retired.contains { $0.at >= waybill.waybill.signedAt }
    }

    /// Gives up what waits, for another dispatcher of this partner; what is being taken back is not among it.
    func handOver() -> [Underway] {
        let items = waiting.filter { !$0.isTakenBack }
        for item in items { underway[item.waybill.id] = nil }
        return items
    }

    func knows(_ id: ConsignmentID) -> Bool { underway[id] != nil }

    /// What was found when a consignment was taken back.
    enum TakenBack: Sendable {
        /// It will not be sent any more. `left`: some of it, or all, may be with the partner.
        case stopped(SignedWaybill, left: Bool)
        /// It had ended before, or is unknown here.
        case ended
    }

    /// Returns once no attempt runs any more. If what follows is not committed, a restart sends it after all.
    func takeBack(_ id: ConsignmentID) async -> TakenBack {
        guard underway[id] != nil else { return .ended }
        underway[id]?.isTakenBack = true
        if underway[id]?.inFlight ?? 0 > 0 {
            await withCheckedContinuation { untilNoneRuns[id, default: []].append($0) }
        }
        guard let item = underway.removeValue(forKey: id) else { return .ended }
        return .stopped(item.waybill, left: item.hasBegun)
    }

    private nonisolated func carryOut(_ job: Job) async {
        guard let partner = agency.partners[partner] else { return await later(job, Self.unknownPartner(self.partner)) }
        if let why = await agency.rollback.outward(partner.id) { return await later(job, why) }
        do {
            switch try await outcome(of: job, at: partner) {
            case .delivered(let receipt, let signed): try await delivered(job, receipt, signed)
            case .refused(let refusal, let signed): try await refused(job, refusal, signed)
            case .tryLater(let why): await later(job, why)
            }
        } catch is ChangedFile {
            await changed(job)
        } catch is OutlivedSigner {
            await halted(job)
        } catch is AheadOfClock {
            await aheadOfClock(job)
        } catch is TakenBackFile {
            await learntNothing(job)
        } catch {
            await later(job, TryLater(.ours, "Our own side: \(error)"))
        }
    }

    private nonisolated func outcome(of job: Job, at partner: Partner) async throws -> DeliveryOutcome {
        var from = 1
        if job.mayBeThere {
            switch await courier.enquire(job.waybill.id) {
            case .receipt(let signed): return AnswerReader.read(signed, for: job.waybill.facts, from: partner)
            case .refusal(let signed): return AnswerReader.readRefusal(signed, for: job.waybill.facts, from: partner)
            case .resume(let next): from = min(max(1, next), job.waybill.waybill.partCount + 1)
            case .unknown: break
            case .onTheRoad where await !isSealedInVain(job.waybill, to: partner): return .tryLater(Self.onTheRoad)
            case .onTheRoad: break
            case .tryLater(let why): return .tryLater(why)
            }
        }
        guard let recipient = partner.usable(.sealing, at: agency.clock.now()).first else {
            return .tryLater(Self.noSealingKey(partner.id, agency.clock.ours))
        }
        let (signed, signedAt) = (job.waybill.signed, job.waybill.waybill.signedAt)
        guard !agency.us.keys.hasOutlived(signerOf: signed, signedAt, at: agency.clock.sure) else {
            throw OutlivedSigner()
        }
        guard signedAt <= agency.clock.now().adding(seconds: AheadOfClock.allowed) else {
            throw AheadOfClock()
        }
        let id = job.waybill.id
        await note(id, sealedTo: recipient.fingerprint)
        let consignment = Consignment(job.waybill, sealer: try Sealer(recipient: recipient)) { [weak self] in
            await self?.leaves(id) == false
        }
        // What was tried before may have been signed for then.
        let earliest = job.mayBeThere ? job.waybill.waybill.signedAt : agency.clock.now()
        switch try await courier.carry(consignment, from: from) {
        case .receipt(let signed):
            return noting(AnswerReader.read(signed, for: job.waybill.facts, from: partner), since: earliest)
        case .refusal(let signed): return AnswerReader.readRefusal(signed, for: job.waybill.facts, from: partner)
        case .carried: return .tryLater(Self.onTheRoad)
        case .tryLater(let why): return .tryLater(why)
        }
    }

    /// A receipt that has just been signed shows their clock.
    private nonisolated func noting(_ outcome: DeliveryOutcome, since earliest: Instant) -> DeliveryOutcome {
        if case .delivered(let receipt, _) = outcome {
            agency.clock.skew.note(
                partner: partner, their: receipt.signedAt, sent: earliest, received: agency.clock.now())
        }
        return outcome
    }
}

/// A key that we have retired, or that ended long ago, signed the waybill.
struct OutlivedSigner: Error {}

/// It was signed at a time that is still to come: our clock was ahead then, and its date would say something untrue.
struct AheadOfClock: Error {
    /// Seconds that clocks are put right by every day.
    static let allowed: Int64 = 300
}
