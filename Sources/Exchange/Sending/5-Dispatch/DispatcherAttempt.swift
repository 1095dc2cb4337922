internal import Envelope
internal import Folders
internal import Ledger
internal import Statements
internal import Transport
internal import Vocabulary

// One attempt at a batch: what may be there is asked about, the rest is sealed and carried, and what came back is read.

/// How an attempt at one consignment ended.
enum AttemptEnd: Sendable {
    case outcome(DeliveryOutcome)
    /// The file is no longer what was signed.
    case changed
    /// A key that we have retired, or that ended long ago, signed the waybill.
    case outlivedSigner
    /// It was signed at a time that is still to come: our clock was ahead then, and its date would say something untrue.
    case aheadOfClock
    case takenBack

    /// Seconds that clocks are put right by every day.
    static let allowedAhead: Int64 = 300

    static func later(_ why: TryLater) -> AttemptEnd { .outcome(.tryLater(why)) }

    init(_ error: any Error) {
        switch error {
        case is ChangedFile: self = .changed
        case is TakenBackFile: self = .takenBack
        default: self = .later(Dispatcher.ours(error))
        }
    }
}

extension Dispatcher {
    /// A consignment that is ready to leave.
    private struct Going {
        let job: Job
        let consignment: Consignment
        let outgoing: Outgoing
        let sealedTo: Fingerprint
        /// Since when the partner may have signed for it.
        let earliest: Instant
    }

    /// What has ended before anything is carried waits for nothing: a share may hang.
    func attempt(_ jobs: [Job], _ lane: Lane) async {
        // A recall that failed may have brought one back whose former job still waits.
        var seen: Set<ConsignmentID> = []
        let begun = jobs.filter { seen.insert($0.id).inserted && underway.begin($0.id) }
        // An urgent attempt never held the partner's one probe.
        if begun.isEmpty { return lane == .emergency ? () : gate.learntNothing() }
        let (ends, going, partner) = await sort(begun)
        await settle(ends, isLast: going.isEmpty)
        guard let partner, !going.isEmpty else { return }
        await settle(await carry(going, to: partner), isLast: true)
    }

    private func sort(_ jobs: [Job]) async -> (ends: [(Job, AttemptEnd)], going: [Going], Partner?) {
        guard let partner = agency.partners[partner] else {
            return (jobs.map { ($0, .later(Self.unknownPartner(self.partner))) }, [], nil)
        }
        if let why = await agency.rollback.outward(partner.id) { return (jobs.map { ($0, .later(why)) }, [], nil) }
        let (answers, recipient) = (await enquire(about: jobs), partner.usable(.sealing, at: agency.clock.now()).first)
        var (ends, going): ([(Job, AttemptEnd)], [Going]) = ([], [])
        for job in jobs {
            switch step(of: job, answers[job.id], partner, recipient) {
            case .goes(let one): going.append(one)
            case .ends(let end): ends.append((job, end))
            }
        }
        return (ends, going, partner)
    }

    private enum Step { case goes(Going), ends(AttemptEnd) }

    private func step(
        of job: Job, _ answer: EnquiryAnswer?, _ partner: Partner, _ recipient: Certificate?
    ) -> Step {
        if let end = end(of: job, answer, partner) { return .ends(end) }
        guard let recipient else { return .ends(.later(Self.noSealingKey(partner.id, agency.clock.ours))) }
        if let end = obstacle(to: job) { return .ends(end) }
        do { return .goes(try goes(job, answer, sealedTo: recipient)) } catch { return .ends(AttemptEnd(error)) }
    }

    /// The partner is asked first about what a former attempt may have brought there.
    private func enquire(about jobs: [Job]) async -> [ConsignmentID: EnquiryAnswer] {
        let ids = jobs.filter(\.mayBeThere).map(\.id)
        if ids.isEmpty { return [:] }
        let unanswered = Dictionary(ids.map { ($0, EnquiryAnswer.tryLater(.unanswered)) }) { first, _ in first }
        return unanswered.merging(zip(ids, await courier.enquire(ids))) { $1 }
    }

    /// What the partner's answer comes to; nil if it goes on.
    private func end(of job: Job, _ answer: EnquiryAnswer?, _ partner: Partner) -> AttemptEnd? {
        switch answer {
        case .receipt(let signed)?: .outcome(AnswerReader.read(signed, for: job.waybill.facts, from: partner))
        case .refusal(let signed)?: .outcome(AnswerReader.readRefusal(signed, for: job.waybill.facts, from: partner))
        case .onTheRoad? where !isSealedInVain(job.waybill, to: partner): .later(Self.onTheRoad)
        case .tryLater(let why)?: .later(why)
        case .resume?, .unknown?, .onTheRoad?, nil: nil
        }
    }

    /// What keeps it from going, whatever the partner knows of it.
    private func obstacle(to job: Job) -> AttemptEnd? {
        let (signed, signedAt) = (job.waybill.signed, job.waybill.waybill.signedAt)
        if agency.us.keys.hasOutlived(signerOf: signed, signedAt, at: agency.clock.sure) { return .outlivedSigner }
        return signedAt <= agency.clock.now().adding(seconds: AttemptEnd.allowedAhead) ? nil : .aheadOfClock
    }

    /// What lies on a share may be sealed to a key that they have retired since, and will not open much longer. Of what a
    /// former life laid there only the date is known.
    private func isSealedInVain(_ waybill: SignedWaybill, to partner: Partner) -> Bool {
        let retired = partner.card.retired.filter { $0.role == .sealing }
        if let key = underway[waybill.id]?.sealedTo { return retired.contains { $0.fingerprint == key } }
        return retired.contains { $0.at >= waybill.waybill.signedAt }
    }

    private func goes(_ job: Job, _ answer: EnquiryAnswer?, sealedTo recipient: Certificate) throws -> Going {
        let id = job.id
        let consignment = Consignment(job.waybill, sealer: try Sealer(recipient: recipient)) { [underway] in
            !underway.leaves(id)
        }
        var from = 1
        if case .resume(let next)? = answer { from = min(max(1, next), consignment.partCount + 1) }
        // What was tried before may have been signed for then.
        let earliest = job.mayBeThere ? job.waybill.waybill.signedAt : agency.clock.now()
        return Going(
            job: job, consignment: consignment, outgoing: Outgoing(consignment, from: from),
            sealedTo: recipient.fingerprint, earliest: earliest)
    }

    /// A road that does not say how one ended leaves nothing of it forgotten: it is asked about at the next attempt.
    private func carry(_ going: [Going], to partner: Partner) async -> [(Job, AttemptEnd)] {
        await makeReady(going)
        let ends = await courier.carry(going.map(\.outgoing))
        var told: [(Job, AttemptEnd)] = []
        for at in going.indices {
            let end = at < ends.count ? ends[at] : .answered(.tryLater(.unanswered))
            told.append((going[at].job, read(end, of: going[at], from: partner)))
            // Hundreds of signatures one after another: whoever is in a hurry comes in between.
            await Task.yield()
        }
        return told
    }

    /// What goes together is sealed together, a few jobs for all: one for each would cost more than the sealing.
    private func makeReady(_ going: [Going]) async {
        let whole = going.filter(\.outgoing.isOfOnePart).map(\.consignment)
        if whole.count > 1, courier.batch.asksForTheWhole { _ = await Blocking.each(whole) { $0.makeReady() } }
    }

    private func read(_ end: CarryEnd, of going: Going, from partner: Partner) -> AttemptEnd {
        let facts = going.job.waybill.facts
        switch end {
        case .answered(.receipt(let signed)):
            return .outcome(noting(AnswerReader.read(signed, for: facts, from: partner), since: going.earliest))
        case .answered(.refusal(let signed)):
            return .outcome(AnswerReader.readRefusal(signed, for: facts, from: partner))
        case .answered(.carried):
            underway.change(going.job.id) { $0.sealedTo = going.sealedTo }
            return .later(Self.onTheRoad)
        case .answered(.tryLater(let why)): return .later(why)
        case .broke(let error): return AttemptEnd(error)
        }
    }

    /// A receipt that has just been signed shows their clock.
    private func noting(_ outcome: DeliveryOutcome, since earliest: Instant) -> DeliveryOutcome {
        if case .delivered(let receipt, _) = outcome {
            agency.clock.skew.note(
                partner: partner, their: receipt.signedAt, sent: earliest, received: agency.clock.now())
        }
        return outcome
    }
}
