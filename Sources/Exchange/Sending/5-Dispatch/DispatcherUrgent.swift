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
        guard !isStopping, underway[job.id]?.isTakenBack == false else { return }
        let sleeper = urgent.sleep(job.id, seconds: delay)
        Task { [weak self] in
            await sleeper.value
            self?.wake(job)
        }
    }

    private func wake(_ job: Job) {
        urgent.woke(job.id)
        guard !isStopping, underway[job.id] != nil else { return }
        put(job)
    }

    /// The partner speaks to us, so perhaps it can be reached: what is urgent is tried at once, and one probe of the rest.
    func listenForPartner() async {
        for await told in agency.signals.listen(for: .seen) where told.contains(.seen(partner)) {
            guard urgent.mayWake(isAway: gate.isAway, at: BootClock.now()) else { continue }
            urgent.wakeAll()
            gate.seen()
        }
    }

    func logUrgent(_ job: Job, _ why: TryLater) {
        guard let count = urgent.count(at: BootClock.now()) else { return }
        agency.log.warning(
            "urgent and not delivered yet",
            metadata: [
                "consignment": "\(job.id)", "partner": "\(partner)", "reason": "\(why.reason.rawValue)",
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
