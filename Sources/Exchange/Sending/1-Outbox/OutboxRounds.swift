internal import Folders
internal import Logging
internal import Vocabulary

/// Looks at the folders of one partner after another, some partners at a time, each on a thread of its own.
///
/// A folder on a mount whose server is gone may never answer. That costs one thread and the alarm `hangs/PARTNER`; the
/// folders of all others are looked at as ever.
extension Outbox {
    enum Job: Hashable {
        case partner(AgencyID)
        /// What lies beside the routes of all.
        case strays

        var name: String {
            switch self {
            case .partner(let id): id.text
            case .strays: "outbox"
            }
        }
    }

    /// One partner's looks, never two at a time.
    struct Round {
        let aside: Aside
        var isScanDue = false
        var hints: [FolderHint] = []
        /// It waits for its turn, or has it.
        var isAsked = false
        var isUnderWay = false

        /// Whether it has been in one call for so long, in nanoseconds.
        func isStuck(for time: Int64) -> Bool { aside.busySince.map { BootClock.now() - $0 > time } ?? false }
    }

    /// So many at a time, beside those that are in one call for longer than a second.
    private static let most = 8
    private static let slow: Int64 = 1_000_000_000

    func scanSoon(_ partners: Set<AgencyID>) {
        tell(partners)
        for partner in partners.sorted() { ask(.partner(partner)) { $0.isScanDue = true } }
        if !isUrgent { ask(.strays) { $0.isScanDue = true } }
        begin()
    }

    func look(at hints: [FolderHint]) {
        for (number, hints) in Dictionary(grouping: hints, by: { $0.folder ?? -1 }) {
            guard let drop = drops[number] else { continue }
            ask(.partner(drop.partner)) { $0.hints += hints }
        }
        begin()
    }

    private func ask(_ job: Job, _ change: (inout Round) -> Void) {
        var round = rounds[job] ?? Round(aside: Aside("outbox.\(job.name)"))
        change(&round)
        if !round.isAsked { queue.append(job) }
        round.isAsked = true
        rounds[job] = round
    }

    private func begin() {
        var free = Self.most - rounds.values.count { $0.isUnderWay && !$0.isStuck(for: Self.slow) }
        while free > 0, !isStopping, !queue.isEmpty {
            let job = queue.removeFirst()
            rounds[job]?.isUnderWay = true
            free -= 1
            Task { await work(job) }
        }
    }

    private func work(_ job: Job) async {
        guard let aside = rounds[job]?.aside else { return }
        await aside.around {
            while let round = rounds[job], round.isScanDue || !round.hints.isEmpty, !isStopping {
                rounds[job]?.isScanDue = false
                rounds[job]?.hints = []
                await look(round.hints)
                if round.isScanDue { await scan(job) }
            }
        }
        rounds[job]?.isUnderWay = false
        rounds[job]?.isAsked = false
        begin()
    }

    private func scan(_ job: Job) async {
        switch job {
        case .partner(let partner): await scan(partner)
        case .strays: await lookForStrays()
        }
    }

    /// What it has renamed is handed on before the end; whoever hangs is not waited for.
    func untilAtRest() async {
        while rounds.values.contains(where: { $0.isUnderWay && !$0.isStuck(for: Self.slow) }) {
            // Not cancelled with us: that would be a loop without rest.
            await Task { try? await Task.sleep(for: .milliseconds(20)) }.value
        }
    }

    private func tell(_ partners: Set<AgencyID>) {
        for (job, round) in rounds {
            let isStuck = round.isStuck(for: Int64(agency.rules.hangsAfter * 1e9))
            agency.alarms.alarm("hangs/\(job.name)\(isUrgent ? "/urgent" : "")", isStuck ? words(job) : nil)
            if case .partner(let id) = job, !partners.contains(id), !round.isAsked { rounds[job] = nil }
        }
    }

    private func words(_ job: Job) -> String {
        let folder = job == .strays ? "A folder below outbox/" : "A folder of outbox/\(job.name)/"
        return "\(folder) does not answer, as a mount whose server is gone: nothing is taken from it, and "
            + "what is urgent there does not go. All others are looked at as ever. Look at that mount. Whom to ring: "
            + agency.rules.contacts.whomToRingHere
    }
}
