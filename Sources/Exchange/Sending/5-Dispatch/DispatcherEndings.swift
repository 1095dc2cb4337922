internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Transport
internal import Vocabulary

// How an attempt at delivery ends, and what follows.

extension Dispatcher {
    nonisolated func delivered(_ job: Job, _ receipt: Receipt, _ signed: [UInt8]) async throws {
        let row = Records.signed(job.waybill)
        let owed = try await OpenDuties(of: row, job.waybill.waybill, agency)
        let ending = Outcomes(agency).delivered(row, receipt, signed: signed, owed: owed)
        CrashPoint.beforeReceiptCommit.pass()
        try await agency.commit(ending)
        CrashPoint.afterReceiptCommit.pass()
        await gate.succeeded()
        await ended(job, ending)
        agency.log.info("delivered", metadata: ["consignment": "\(job.waybill.id)", "partner": "\(partner)"])
    }

    nonisolated func refused(_ job: Job, _ refusal: Refusal, _ signed: [UInt8]) async throws {
        let ending = Outcomes(agency).refused(Records.signed(job.waybill), refusal, signed: signed)
        try await agency.commit(ending)
        CrashPoint.afterRefusedCommit.pass()
        await gate.succeeded()
        await ended(job, ending)
        agency.log.warning(
            "refused by the recipient",
            metadata: [
                "consignment": "\(job.waybill.id)", "partner": "\(partner)", "reason": "\(refusal.reason.rawValue)",
            ])
    }

    /// The file is no longer what was signed: the partner is told that the rest will never come.
    nonisolated func changed(_ job: Job) async {
        do {
            let ending = try await withdraw(job, .changed)
            await learntNothing(job)
            await ended(job, ending)
        } catch {
            await later(job, TryLater(.ours, "Our own side: \(error)"))
        }
    }

    /// Given up under this id and signed anew: nothing goes out that is dated in the future.
    nonisolated func aheadOfClock(_ job: Job) async {
        do {
            _ = try await withdraw(job, .clock)
            CrashPoint.afterClockWithdrawal.pass()
            await learntNothing(job)
            await courier.settled(job.waybill.id)
            await forget(job)
            await again(job.waybill.weighed.claimed)
            let why = ClockWords.datedAhead(job.waybill.waybill.signedAt, now: agency.clock.now())
            agency.log.warning("signed anew", metadata: ["consignment": "\(job.waybill.id)", "why": "\(why)"])
        } catch {
            await later(job, TryLater(.ours, "Our own side: \(error)"))
        }
    }

    private nonisolated func withdraw(_ job: Job, _ cause: Withdrawing) async throws -> Ending {
        let (row, waybill) = (Records.signed(job.waybill), job.waybill)
        let ending = try Outcomes(agency).withdrawn(row, waybill.digest, waybill.waybill.parties, cause)
        try await agency.commit(ending)
        return ending
    }

    /// An urgent attempt never held the partner's one probe.
    nonisolated func learntNothing(_ job: Job) async {
        if !job.waybill.isEmergency { await gate.learntNothing() }
    }

    /// The key that signed it was stolen, say: the partner would refuse it for ever.
    nonisolated func halted(_ job: Job) async {
        do {
            let ending = try await Hold(agency: agency).halt(job.waybill, Hold.outlivedSigner)
            await learntNothing(job)
            await ended(job, ending)
        } catch {
            await later(job, TryLater(.ours, "Our own side: \(error)"))
        }
    }

    /// In the ledger already: off the road, off our list, and on to its folder.
    nonisolated func ended(_ job: Job, _ ending: Ending) async {
        await courier.settled(job.waybill.id)
        await forget(job)
        await file(job.waybill.weighed.claimed, ending.filing)
    }

    /// The tray takes the waiting note away, also after a restart; one that is being written just now is taken away here.
    func forget(_ job: Job) { underway[job.waybill.id] = nil }

    /// Trouble with the partner closes the gate for all; trouble with one consignment delays that one only.
    func later(_ job: Job, _ why: TryLater) async {
        var job = job
        job.mayBeThere = true
        job.attempts += 1
        if [.notTrusted, .misunderstood].contains(why.reason) { agency.signals.send(.cardSuspected(partner)) }
        if job.waybill.isEmergency { return await laterUrgent(job, why) }
        let delay =
            why.isAboutPartner ? 0 : job.delay(why, most: agency.rules.retryMost, onTheRoad: why == Self.onTheRoad)
        switch why.reason {
        case _ where why.isAboutPartner: await gate.failed(after: why.after)
        case .ours: await gate.learntNothing()
        default: await gate.succeeded()
        }
        await note(job, why, delay: delay)
        guard !isStopping else { return }
        let again = job
        guard underway[job.waybill.id]?.isTakenBack == false else { return }
        if delay == 0 { return await put(again) }
        Task { [weak self] in
            try? await Task.sleep(for: .seconds(delay))
            await self?.put(again)
        }
    }

    func note(_ job: Job, _ why: TryLater, delay: Double) async {
        underway[job.waybill.id]?.why = why.explanation
        if why == Self.onTheRoad { return }
        let isGated = why.isAboutPartner && !job.waybill.isEmergency
        let wait = isGated ? await gate.nextTryIn ?? 0 : delay
        let now = agency.clock.now()
        let next = Instant(milliseconds: now.milliseconds + Int64(wait * 1000))
        underway[job.waybill.id]?.attempts = job.attempts
        underway[job.waybill.id]?.nextAt = next
        let key = ConsignmentKey(.sent, partner, job.waybill.id)
        let attempt = Attempt(key: key, count: job.attempts, lastAt: now, nextAt: next, why: why.explanation)
        try? await agency.ledger.noteAttempt(attempt)
        if job.waybill.isEmergency { return logUrgent(job, why) }
        agency.log.notice(
            "try later",
            metadata: [
                "consignment": "\(job.waybill.id)", "partner": "\(partner)", "reason": "\(why.reason.rawValue)",
                "attempt": "\(job.attempts)",
            ])
    }

    /// After 30 s undelivered a note beside the place where the file will be says why, and when it is tried next.
    func keepNotes() async {
        let pause = min(5, max(0.2, agency.rules.waitingNoteAfter / 4))
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(pause))
            // Not by the time of day, which may jump.
            let oldest = BootClock.now() - Int64(agency.rules.waitingNoteAfter * 1e9)
            let late = underway.values.filter { $0.since < oldest }
            alarmOfUrgent(late.filter(\.waybill.isEmergency))
            for item in late { await keepNote(item) }
        }
    }

    func keepNote(_ item: Underway) async {
        let away = "\(partner) cannot be reached just now."
        let why =
            await gate.isAway ? item.why ?? away : item.why ?? "It is being sent, or waits for larger files before it."
        guard why != item.noted, underway[item.waybill.id] != nil else { return }
        underway[item.waybill.id]?.noted = why
        let claimed = item.waybill.weighed.claimed
        // What could not be written is written at the next round.
        if await !WaitingNotes.write(claimed, why: why, nextTry: item.nextAt, agency) {
            underway[item.waybill.id]?.noted = nil
        }
        guard underway[item.waybill.id] == nil else { return }
        let agency = agency
        _ = try? await Blocking.run { WaitingNotes.remove(claimed, agency) }
    }

    /// Somebody has removed waiting notes: the next round writes them again.
    func forgetNotes() {
        for id in underway.keys { underway[id]?.noted = nil }
    }

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

extension TryLater {
    /// Whether it says something about the partner rather than about this one consignment.
    var isAboutPartner: Bool {
        switch reason {
        case .unreachable, .notTrusted, .busy, .full, .timedOut: true
        case .misunderstood, .ours: false
        }
    }
}
