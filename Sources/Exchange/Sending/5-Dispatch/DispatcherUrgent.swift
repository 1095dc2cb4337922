internal import Folders
internal import Logging
internal import Transport
internal import Vocabulary

// An emergency that is not delivered yet: its own schedule, one line a minute, and an alarm with a number to ring.

extension Dispatcher {
    /// The partner's gate is not asked and not told: an emergency pushes up nobody's back-off.
    func laterUrgent(_ job: Job, _ why: TryLater) async {
        let delay = UrgentSchedule.delay(
            after: job.attempts, dice: .random(in: 0..<1), asked: why == Self.onTheRoad ? nil : why.after)
        await note(job, why, delay: delay)
        guard !isStopping, underway[job.waybill.id]?.isTakenBack == false else { return }
        let sleeper = Task<Void, Never> { try? await Task.sleep(for: .seconds(delay)) }
        sleepers[job.waybill.id] = sleeper
        let id = job.waybill.id
        Task { [weak self] in
            await sleeper.value
            await self?.wake(id, job)
        }
    }

    private func wake(_ id: ConsignmentID, _ job: Job) async {
        sleepers[id] = nil
        guard !isStopping, underway[id] != nil else { return }
        await put(job)
    }

    /// The partner speaks to us, so perhaps it can be reached: what is urgent is tried at once, and one probe of the rest.
    func listenForPartner() async {
        for await told in agency.signals.listen(for: .seen) where told.contains(.seen(partner)) {
            let now = BootClock.now()
            // One who speaks and never listens is not asked all the time.
            if let wokenAt, now - wokenAt < 5_000_000_000 { continue }
            guard await gate.isAway || !sleepers.isEmpty else { continue }
            wokenAt = now
            for sleeper in sleepers.values { sleeper.cancel() }
            await gate.seen()
        }
    }

    func logUrgent(_ job: Job, _ why: TryLater) {
        guard let count = urgentLog.count(at: BootClock.now()) else { return }
        agency.log.warning(
            "urgent and not delivered yet",
            metadata: [
                "consignment": "\(job.waybill.id)", "partner": "\(partner)", "reason": "\(why.reason.rawValue)",
                "attempts": "\(count)",
            ])
    }

    func alarmOfUrgent(_ late: [Underway]) {
        guard let first = late.min(by: { $0.waybill.id < $1.waybill.id }) else {
            return agency.alarms.alarm("urgent/\(partner)", nil)
        }
        let (count, since) = (late.count, Notes.moment(first.waybill.weighed.claimed.claimedAt))
        agency.alarms.alarm(
            "urgent/\(partner)",
            "URGENT, NOT DELIVERED to \(partner): \(count == 1 ? "a file" : "\(count) files") since \(since). "
                + "\(first.why ?? "It is being sent.") Telephone them now: \(agency.rules.contacts.whomToRing(partner))"
        )
    }
}
