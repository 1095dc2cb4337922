internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Transport
internal import Vocabulary

// How an attempt at delivery ends, and what follows.

extension Dispatcher {
    /// The gate hears of a batch once: trouble with the partner closes it for all, trouble with one consignment, while others
    /// are answered, delays that one.
    /// - Parameter isLast: nothing more of this batch is tried.
    func settle(_ ends: [(Job, AttemptEnd)], isLast: Bool) async {
        let isNear = ends.contains { $1.isOfPartner(!$0.waybill.isEmergency) }
        tellGate(ends, isNear: isNear, isLast: isLast)
        await settle(delivered: ends)
        for (job, end) in ends {
            switch end {
            case .outcome(.delivered), .takenBack: break
            case .outcome(.refused(let refusal, let signed)): await refused(job, refusal, signed)
            case .outcome(.tryLater): break
            case .changed: await changed(job)
            case .outlivedSigner: await halted(job)
            case .aheadOfClock: await aheadOfClock(job)
            }
        }
        await settle(later: ends, isNear: isNear)
        for (job, _) in ends { underway.end(job.id) }
    }

    /// Beside each other: their notes share a commit.
    private func settle(later ends: [(Job, AttemptEnd)], isNear: Bool) async {
        await withDiscardingTaskGroup { group in
            for case (let job, .outcome(.tryLater(let why))) in ends {
                group.addTask { await self.later(job, why, isNear: isNear) }
            }
        }
    }

    private func settle(delivered ends: [(Job, AttemptEnd)]) async {
        let all = ends.compactMap { job, end -> (Job, Receipt, signed: [UInt8])? in
            guard case .outcome(.delivered(let receipt, let signed)) = end else { return nil }
            return (job, receipt, signed)
        }
        if all.isEmpty { return }
        for (item, result) in zip(all, await delivered(all)) {
            if case .failure(let error) = result { await later(item.0, Self.ours(error), isNear: true) }
        }
    }

    private func tellGate(_ ends: [(Job, AttemptEnd)], isNear: Bool, isLast: Bool) {
        let told = ends.compactMap { job, end -> TryLater? in
            guard case .outcome(.tryLater(let why)) = end, !job.waybill.isEmergency else { return nil }
            return why
        }
        if isNear { return gate.succeeded() }
        if let trouble = told.first(where: \.isAboutPartner) { return gate.failed(after: trouble.after) }
        // An urgent attempt never held the partner's one probe.
        if isLast, ends.contains(where: { job, _ in !job.waybill.isEmergency }) { gate.learntNothing() }
    }

    /// One commit for all of them.
    /// - Returns: for each whether its receipt is in the ledger.
    func delivered(_ all: [(Job, Receipt, signed: [UInt8])]) async -> [Result<Void, any Error>] {
        var endings: [Result<Ending, any Error>] = []
        for (job, receipt, signed) in all { endings.append(await ending(job, receipt, signed)) }
        CrashPoint.beforeReceiptCommit.pass()
        let results = await agency.commit(each: endings)
        if results.contains(where: \.isSuccess) { CrashPoint.afterReceiptCommit.pass() }
        var ended: [(Job, Ending)] = []
        for (item, ending) in zip(all, zip(endings, results)) {
            guard case (.success(let made), .success) = ending else { continue }
            ended.append((item.0, made))
        }
        await self.ended(ended)
        for (job, _) in ended {
            agency.log.info("delivered", metadata: ["consignment": "\(job.id)", "partner": "\(partner)"])
        }
        return results
    }

    private func ending(_ job: Job, _ receipt: Receipt, _ signed: [UInt8]) async -> Result<Ending, any Error> {
        do {
            let row = Records.signed(job.waybill)
            let owed = try await OpenDuties(of: row, job.waybill.waybill, agency)
            return .success(Outcomes(agency).delivered(row, receipt, signed: signed, owed: owed))
        } catch {
            return .failure(error)
        }
    }

    private func refused(_ job: Job, _ refusal: Refusal, _ signed: [UInt8]) async {
        let ending = Outcomes(agency).refused(Records.signed(job.waybill), refusal, signed: signed)
        do { try await agency.commit(ending) } catch { return await later(job, Self.ours(error), isNear: true) }
        CrashPoint.afterRefusedCommit.pass()
        await ended([(job, ending)])
        agency.log.warning(
            "refused by the recipient",
            metadata: ["consignment": "\(job.id)", "partner": "\(partner)", "reason": "\(refusal.reason.rawValue)"])
    }

    /// The file is no longer what was signed: the partner is told that the rest will never come.
    private func changed(_ job: Job) async {
        do { await ended([(job, try await withdraw(job, .changed))]) } catch {
            await later(job, Self.ours(error), isNear: true)
        }
    }

    /// Given up under this id and signed anew: nothing goes out that is dated in the future.
    private func aheadOfClock(_ job: Job) async {
        do { _ = try await withdraw(job, .clock) } catch { return await later(job, Self.ours(error), isNear: true) }
        CrashPoint.afterClockWithdrawal.pass()
        await courier.settled([job.id])
        underway.remove(job.id)
        await again(job.waybill.weighed.claimed)
        let why = ClockWords.datedAhead(job.waybill.waybill.signedAt, now: agency.clock.now())
        agency.log.warning("signed anew", metadata: ["consignment": "\(job.id)", "why": "\(why)"])
    }

    private func withdraw(_ job: Job, _ cause: Withdrawing) async throws -> Ending {
        let (row, waybill) = (Records.signed(job.waybill), job.waybill)
        let ending = try Outcomes(agency).withdrawn(row, waybill.digest, waybill.waybill.parties, cause)
        try await agency.commit(ending)
        return ending
    }

    /// The key that signed it was stolen, say: the partner would refuse it for ever.
    private func halted(_ job: Job) async {
        do {
            await ended([(job, try await Hold(agency: agency).halt(job.waybill, Hold.outlivedSigner))])
        } catch {
            await later(job, Self.ours(error), isNear: true)
        }
    }

    /// In the ledger already: off the road, off our list, and on to its folder. The tray takes the waiting note away, also
    /// after a restart; one that is being written just now is taken away by whoever writes it.
    private func ended(_ all: [(Job, Ending)]) async {
        if all.isEmpty { return }
        await courier.settled(all.map(\.0.id))
        for (job, ending) in all {
            underway.remove(job.id)
            file(job.waybill.weighed.claimed, ending.filing)
        }
    }

    /// Tried again. What the gate is to know of it, it knows.
    /// - Parameter isNear: the partner answered others just now, so the gate keeps nobody back.
    private func later(_ job: Job, _ why: TryLater, isNear: Bool) async {
        guard underway[job.id] != nil else { return }
        var job = job
        job.mayBeThere = true
        job.attempts += 1
        if [.notTrusted, .misunderstood].contains(why.reason) { agency.signals.send(.cardSuspected(partner)) }
        if job.waybill.isEmergency { return await laterUrgent(job, why) }
        let isGated = why.isAboutPartner && !isNear
        let delay = isGated ? 0 : job.delay(why, most: agency.rules.retryMost, onTheRoad: why == Self.onTheRoad)
        await note(job, why, delay: delay)
        guard !isStopping, underway[job.id]?.isTakenBack == false else { return }
        if delay == 0 { return put(job) }
        let again = job
        Task { [weak self] in
            try? await Task.sleep(for: .seconds(delay))
            self?.put(again)
        }
    }

    func note(_ job: Job, _ why: TryLater, delay: Double) async {
        underway.change(job.id) { $0.why = why.explanation }
        if why == Self.onTheRoad { return }
        let isGated = why.isAboutPartner && !job.waybill.isEmergency
        let wait = isGated ? gate.nextTryIn ?? 0 : delay
        let now = agency.clock.now()
        let next = Instant(milliseconds: now.milliseconds + Int64(wait * 1000))
        underway.change(job.id) { ($0.attempts, $0.nextAt) = (job.attempts, next) }
        let key = ConsignmentKey(.sent, partner, job.id)
        let attempt = Attempt(key: key, count: job.attempts, lastAt: now, nextAt: next, why: why.explanation)
        try? await agency.ledger.noteAttempt(attempt)
        if job.waybill.isEmergency { return logUrgent(job, why) }
        agency.log.notice(
            "try later",
            metadata: [
                "consignment": "\(job.id)", "partner": "\(partner)", "reason": "\(why.reason.rawValue)",
                "attempt": "\(job.attempts)",
            ])
    }

    static func ours(_ error: any Error) -> TryLater { TryLater(.ours, "Our own side: \(error)") }

    static let onTheRoad = TryLater(.ours, "It lies on the share; the partner has not taken it in yet.")

    static func unknownPartner(_ id: AgencyID) -> TryLater {
        TryLater(
            .unreachable,
            "\(id) is no longer a partner. Add their card again: waybill partner add CARD --fingerprint SHA256")
    }

    static func noSealingKey(_ id: AgencyID, _ clock: OurClock) -> TryLater {
        let why = "The card of \(id) has no sealing certificate that is valid now. Ask them for a new card."
        return TryLater(.notTrusted, clock.first.map { "\($0) \(why)" } ?? why)
    }
}

extension Dispatcher.Job {
    /// Seconds before this consignment alone is tried again: doubling, with jitter, and not before the partner wishes; a share
    /// is looked at often.
    fileprivate func delay(_ why: TryLater, most: Double, onTheRoad: Bool) -> Double {
        if onTheRoad { return min(5, 0.25 * Double(min(attempts, 20))) }
        return min(most, max(Double(why.after ?? 0), Double(1 << min(attempts, 16)) * Double.random(in: 0.25..<0.5)))
    }
}

extension AttemptEnd {
    /// Whether the partner said something about the consignment.
    /// - Parameter counts: also what cannot be understood; an emergency tells the gate of no failure.
    fileprivate func isOfPartner(_ counts: Bool) -> Bool {
        switch self {
        case .outcome(.delivered), .outcome(.refused): true
        case .outcome(.tryLater(let why)): counts && why.reason == .misunderstood
        default: false
        }
    }
}

extension TryLater {
    /// Whether it says something about the partner rather than about this one consignment.
    var isAboutPartner: Bool {
        switch reason {
        case .unreachable, .notTrusted, .busy, .full, .timedOut: true
        case .misunderstood, .ours: false
        }
    }
}
