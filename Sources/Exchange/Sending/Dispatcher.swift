internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Transport
package import Vocabulary

/// Sends signed waybills to one partner until each has ended: a receipt, a refusal, or the file changed.
///
///     queued ─► turn at the gate ─► carry ─► receipt ─► in the ledger ─► sent/
///                  ▲                  │
///                  └── try later ◄────┘   (after the first attempt always GET first: perhaps it is there already)
package actor Dispatcher {
    package nonisolated let partner: AgencyID
    private let office: Office
    private let courier: any Courier
    private let tray: SentTray
    package nonisolated let gate: PartnerGate
    private let queues = Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, WorkQueue<Job>()) })
    private var underway: [ConsignmentID: Underway] = [:]
    private var isStopping = false

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
    }

    init(office: Office, partner: AgencyID, courier: any Courier, tray: SentTray) {
        self.office = office
        self.partner = partner
        self.courier = courier
        self.tray = tray
        gate = PartnerGate(RetrySchedule(first: office.rules.retryFirst, most: office.rules.retryMost))
    }

    package var waiting: [Underway] { underway.values.sorted { $0.waybill.id < $1.waybill.id } }

    func enqueue(_ waybill: SignedWaybill, mayBeThere: Bool) async {
        underway[waybill.id] = Underway(waybill: waybill)
        await put(Job(waybill: waybill, mayBeThere: mayBeThere))
    }

    private func put(_ job: Job) async {
        await queues[Lane(job.waybill, smallLimit: office.rules.smallLimit)]?.put(job)
    }

    /// Serves all lanes until cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for lane in Lane.allCases {
                for _ in 0..<lane.workers(of: office.rules.concurrency) {
                    group.addTask { await self.work(lane) }
                }
            }
            group.addTask { await self.keepNotes() }
        }
        await courier.shutdown()
    }

    /// Lets attempts under way end and starts no new ones.
    func stop() async {
        isStopping = true
        for queue in queues.values { await queue.close() }
        await gate.wakeAll()
    }

    private nonisolated func work(_ lane: Lane) async {
        while !Task.isCancelled, let job = await queues[lane]?.take() {
            await gate.turn(isEmergency: lane == .emergency)
            if Task.isCancelled { return }
            await attempt(job)
        }
    }

    private nonisolated func attempt(_ job: Job) async {
        guard let partner = office.partners[partner] else { return await later(job, Self.unknownPartner(self.partner)) }
        do {
            switch try await outcome(of: job, at: partner) {
            case .delivered(let receipt, let signed): try await delivered(job, receipt, signed, by: partner)
            case .refused(let refusal, let signed): try await refused(job, refusal, signed)
            case .tryLater(let why): await later(job, why)
            }
        } catch is ChangedFile {
            await changed(job)
        } catch {
            await later(job, TryLater(.ours, "Our own side: \(error)"))
        }
    }

    private nonisolated func outcome(of job: Job, at partner: Partner) async throws -> DeliveryOutcome {
        var from = 1
        if job.mayBeThere {
            switch await courier.enquire(job.waybill.id) {
            case .receipt(let signed): return ReceiptDesk.read(signed, for: job.waybill, from: partner)
            case .refusal(let signed): return ReceiptDesk.readRefusal(signed, for: job.waybill, from: partner)
            case .resume(let next): from = min(max(1, next), job.waybill.waybill.partCount + 1)
            case .unknown: break
            case .onTheRoad: return .tryLater(Self.onTheRoad)
            case .tryLater(let why): return .tryLater(why)
            }
        }
        guard let recipient = partner.usable(.sealing, at: office.now()).first else {
            return .tryLater(Self.noSealingKey(partner.id))
        }
        let consignment = Consignment(job.waybill, sealer: try Sealer(recipient: recipient))
        switch try await courier.carry(consignment, from: from) {
        case .receipt(let signed): return ReceiptDesk.read(signed, for: job.waybill, from: partner)
        case .refusal(let signed): return ReceiptDesk.readRefusal(signed, for: job.waybill, from: partner)
        case .carried: return .tryLater(Self.onTheRoad)
        case .tryLater(let why): return .tryLater(why)
        }
    }
}

// MARK: - How an attempt ends

extension Dispatcher {
    private nonisolated func delivered(
        _ job: Job, _ receipt: Receipt, _ signed: [UInt8], by partner: Partner
    ) async throws {
        let now = office.now()
        var record = record(of: job.waybill)
        record.state = .delivered
        record.deliveredAt = receipt.receivedAt
        record.receiptSHA256 = SHA256.digest(signed)
        let detail = EventDetail(["receipt": .string(SHA256.digest(signed).hex)], statement: signed)
        CrashPoint.beforeReceiptCommit.pass()
        try await office.ledger.append([Records.event(.delivered, record, detail, at: now, carriesRecord: true)])
        CrashPoint.afterReceiptCommit.pass()
        await gate.succeeded()
        await courier.settled(job.waybill.id)
        await ended(job)
        await tray.soon(Endings.delivered(job.waybill.weighed.claimed, receipt, signed, partner: partner.card.name))
        office.log.info("delivered", metadata: ["consignment": "\(job.waybill.id)", "partner": "\(partner.id)"])
    }

    private nonisolated func refused(_ job: Job, _ refusal: Refusal, _ signed: [UInt8]) async throws {
        var record = record(of: job.waybill)
        record.state = .refused
        record.why = refusal.explanation
        let detail = EventDetail(["reason": .string(refusal.reason.rawValue)], statement: signed)
        try await office.ledger.append([Records.event(.refused, record, detail, at: office.now(), carriesRecord: true)])
        CrashPoint.afterRefusedCommit.pass()
        await gate.succeeded()
        await courier.settled(job.waybill.id)
        await ended(job)
        await tray.soon(Endings.refused(job.waybill.weighed.claimed, refusal, signed))
        office.log.warning(
            "refused by the recipient",
            metadata: [
                "consignment": "\(job.waybill.id)", "partner": "\(partner)", "reason": "\(refusal.reason.rawValue)",
            ])
    }

    /// The file is no longer what was signed: the partner is told that the rest will never come.
    private nonisolated func changed(_ job: Job) async {
        do {
            let now = office.now()
            let withdrawal = Withdrawal(
                consignment: job.waybill.id, waybill: job.waybill.digest, parties: job.waybill.waybill.parties,
                because: "The file changed while it was being sent.", signedAt: now)
            let signed = try office.signer.sign(withdrawal.encoded, at: now)
            var record = record(of: job.waybill)
            record.state = .withdrawn
            record.why = withdrawal.because
            let detail = EventDetail(["because": .string(withdrawal.because)], statement: signed)
            try await office.ledger.append([Records.event(.withdrawn, record, detail, at: now, carriesRecord: true)])
            await gate.learntNothing()
            await ended(job)
            await tray.soon(Endings.changed(job.waybill.weighed.claimed))
            if let trouble = await courier.post(statement: signed, about: job.waybill.id) {
                office.log.notice("withdrawal not taken yet", metadata: ["why": "\(trouble.explanation)"])
            }
        } catch {
            await later(job, TryLater(.ours, "Our own side: \(error)"))
        }
    }

    private nonisolated func record(of waybill: SignedWaybill) -> ConsignmentRecord {
        var record = Records.claimed(waybill.weighed)
        record.apply(waybill.waybill.label)
        record.waybill = waybill.digest
        record.sentAt = waybill.waybill.signedAt
        return record
    }

    private func ended(_ job: Job) async {
        guard let was = underway.removeValue(forKey: job.waybill.id), was.noted != nil else { return }
        await WaitingNotes.remove(job.waybill.weighed.claimed, office)
    }

    /// Trouble with the partner closes the gate for all; trouble with one consignment delays that one only.
    private func later(_ job: Job, _ why: TryLater) async {
        var job = job
        job.mayBeThere = true
        job.attempts += 1
        let delay = why.isAboutPartner ? 0 : job.delay(most: office.rules.retryMost, onTheRoad: why == Self.onTheRoad)
        switch why.reason {
        case _ where why.isAboutPartner: await gate.failed(after: why.after)
        case .ours: await gate.learntNothing()
        default: await gate.succeeded()
        }
        await note(job, why, delay: delay)
        guard !isStopping else { return }
        let again = job
        if delay == 0 { return await put(again) }
        Task { [weak self] in
            try? await Task.sleep(for: .seconds(delay))
            await self?.put(again)
        }
    }

    private func note(_ job: Job, _ why: TryLater, delay: Double) async {
        underway[job.waybill.id]?.why = why.explanation
        if why == Self.onTheRoad { return }
        let wait = why.isAboutPartner ? await gate.nextTryIn ?? 0 : delay
        let now = office.now()
        let next = Instant(milliseconds: now.milliseconds + Int64(wait * 1000))
        underway[job.waybill.id]?.attempts = job.attempts
        underway[job.waybill.id]?.nextAt = next
        let key = ConsignmentKey(.sent, partner, job.waybill.id)
        let attempt = Attempt(key: key, count: job.attempts, lastAt: now, nextAt: next, why: why.explanation)
        try? await office.ledger.noteAttempt(attempt)
        office.log.notice(
            "try later",
            metadata: [
                "consignment": "\(job.waybill.id)", "partner": "\(partner)", "reason": "\(why.reason.rawValue)",
                "attempt": "\(job.attempts)",
            ])
    }

    /// After 30 s undelivered a note beside the place where the file will be says why, and when it is tried next.
    private func keepNotes() async {
        let pause = min(5, max(0.2, office.rules.waitingNoteAfter / 4))
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(pause))
            let oldest = office.now().milliseconds - Int64(office.rules.waitingNoteAfter * 1000)
            for item in underway.values where item.waybill.weighed.claimed.claimedAt.milliseconds < oldest {
                await keepNote(item)
            }
        }
    }

    private func keepNote(_ item: Underway) async {
        let away = "\(partner) cannot be reached just now."
        let why =
            await gate.isAway ? item.why ?? away : item.why ?? "It is being sent, or waits for larger files before it."
        guard why != item.noted else { return }
        underway[item.waybill.id]?.noted = why
        await WaitingNotes.write(item.waybill.weighed.claimed, why: why, nextTry: item.nextAt, office)
    }

    private static let onTheRoad = TryLater(.ours, "It lies on the share; the partner has not taken it in yet.")

    private static func unknownPartner(_ id: AgencyID) -> TryLater {
        TryLater(
            .unreachable,
            "\(id) is no longer a partner. Add their card again: waybill partner add CARD --fingerprint SHA256")
    }

    private static func noSealingKey(_ id: AgencyID) -> TryLater {
        TryLater(
            .notTrusted, "The card of \(id) has no sealing certificate that is valid now. Ask them for a new card.")
    }
}

extension Dispatcher.Job {
    /// Seconds before this consignment alone is tried again: doubling, with jitter; a share is looked at often.
    fileprivate func delay(most: Double, onTheRoad: Bool) -> Double {
        if onTheRoad { return min(5, 0.25 * Double(min(attempts, 20))) }
        return min(most, Double(1 << min(attempts, 16)) * Double.random(in: 0.25..<0.5))
    }
}

extension TryLater {
    /// Whether it says something about the partner rather than about this one consignment.
    fileprivate var isAboutPartner: Bool {
        switch reason {
        case .unreachable, .notTrusted, .busy, .full, .timedOut: true
        case .misunderstood, .ours: false
        }
    }
}
