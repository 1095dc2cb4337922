internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Transport
internal import Vocabulary

// What came whole goes through every stage together, each stage with one job and one commit for all; one is a batch.
//
//     held ─► enter ─► known? admitted? ─► staged, syncs beside each other ─► one commit (publishing) ─► renames
//                                                          answers ◄─ one commit (received) ◄─ receipts, one checkpoint
//
// One file's trouble is that file's: whoever ends at a stage has its answer and leaves the others alone.

extension Arrivals {
    private typealias Admitted = (arrival: WholeArrival, waybill: AdmittedWaybill)

    /// Works on everything that is held. What is being read waits for no room while something is.
    func workOff(_ held: inout HeldArrivals) async {
        let all = held.takeWhole()
        if all.isEmpty { return }
        for (arrival, answer) in zip(all, await answers(to: all)) {
            held.answers[arrival.passage.place] = answer
            leave(arrival.passage)
        }
    }

    private func answers(to all: [WholeArrival]) async -> [ArrivalAnswer] {
        let staged = await enter(all).then(admit).then(stage)
        return await staged.then { staged in await publish(staged).map(Passing.goes) }.map { one in
            switch one {
            case .success(let answer): answer
            case .failure(let ended): ended.answer
            }
        }
    }

    /// A waybill is charged for what is made of it. Whoever finds no room works off what is held, then waits.
    func isRead(_ count: Int, _ memory: ArrivalMemory, _ held: inout HeldArrivals) async throws {
        if memory.mayBeRead(count) { return }
        await workOff(&held)
        try await memory.isRead(count, isUrgent: false, waits: true)
    }

    /// The one part of a small file, and nothing after it.
    func wholePart(
        _ opened: OpenedWaybill, _ messages: inout MessageReader, _ held: inout HeldArrivals,
        _ body: inout some ArrivingBytes
    ) async throws -> [UInt8] {
        try messages.expectParts(1, opened.waybill.partSize)
        let part = try await messages.part(from: &body) { await workOff(&held) }
        guard let part else { throw CutShort("parts are missing") }
        guard try await messages.part(from: &body) == nil else {
            throw Problem(.malformed, "More parts than announced.")
        }
        return part
    }

    /// An id is arriving from here on, when its last byte is here. One that is arriving already hears busy.
    private func enter(_ all: [WholeArrival]) async -> [Passing<WholeArrival>] {
        all.map { table.enterWhole($0.key, $0.passage.ticket) ? .goes($0) : .ends(.problem(Self.arriving)) }
    }

    private func admit(_ all: [WholeArrival]) async -> [Passing<Admitted>] {
        let now = agency.clock.now()
        let bounded = all.map { arrival in
            self.bounded(arrival.opened, arrival.key, at: now).map { .ends(.problem($0)) }
                ?? Passing<WholeArrival>.goes(arrival)
        }
        return await bounded.then(unknown).then { arrivals in
            var judged: [Passing<Admitted>] = []
            for arrival in arrivals { judged.append(await judge(arrival, at: now)) }
            return judged
        }
    }

    /// Those of which the ledger knows nothing: one question for all.
    private func unknown(_ all: [WholeArrival]) async -> [Passing<WholeArrival>] {
        do {
            let records = try await agency.ledger.records(all.map { ConsignmentKey($0.key) })
            let heard = try await agency.ledger.newest(.heard, of: all.map { ConsignmentKey($0.key) })
            var passing: [Passing<WholeArrival>] = []
            for arrival in all {
                let key = ConsignmentKey(arrival.key)
                passing.append(await known(arrival, records[key], wasHeard: heard[key] != nil))
            }
            return passing
        } catch {
            return all.map { .ends(.problem(problem(of: error, $0.key))) }
        }
    }

    private func known(
        _ arrival: WholeArrival, _ record: ConsignmentRecord?, wasHeard: Bool
    ) async -> Passing<WholeArrival> {
        do {
            if let record { return try await known(record, arrival.opened).map(Passing.ends) ?? .goes(arrival) }
            return wasHeard ? .ends(try await withdrawn(arrival.opened, arrival.key.partner)) : .goes(arrival)
        } catch {
            return .ends(.problem(problem(of: error, arrival.key)))
        }
    }

    private func judge(_ arrival: WholeArrival, at now: Instant) async -> Passing<Admitted> {
        switch admission.judge(arrival.opened, id: arrival.id, from: arrival.passage.partner, at: now) {
        case .admitted(let waybill): return .goes((arrival, waybill))
        case .notTheirs(let why): return .ends(.problem(Problem(.notAllowed, why)))
        case .refused(let reason, let why):
            do {
                let signed = try await receipts.refuse(arrival.opened, from: arrival.key.partner, reason, why)
                return .ends(.refusal(signed, reason))
            } catch {
                return .ends(.problem(problem(of: error, arrival.key)))
            }
        }
    }

    /// Each is written, judged and synced beside the others.
    private func stage(_ all: [Admitted]) async -> [Passing<StagedFile>] {
        let (opener, group) = (agency.us.opener, readers)
        return await begun(all).then { all in
            let ends = await Blocking.each(all) { [self] one in
                let (key, memory) = (one.arrival.key, one.arrival.passage.memory)
                let staging = try promisedNow(one.waybill, key, isUrgent: false) { folder in
                    _ = table.wake(key)
                    return try Staging.begin(one.waybill, key: key, in: folder)
                }
                do {
                    let part = one.arrival.part.take()
                    let length = part.count
                    try staging.write(part, opener: opener)
                    memory.isWritten(length)
                    return try staging.finish(one.waybill, mode: StagedFile.mode, group: group)
                } catch {
                    throw Unstaged(staging: staging, why: error)
                }
            }
            var staged: [Passing<StagedFile>] = []
            for (one, end) in zip(all, ends) { staged.append(await passing(one, end)) }
            return staged
        }
    }

    private struct Unstaged: Error {
        let staging: Staging
        let why: any Error
    }

    /// What came of one before is given up.
    private func begun(_ all: [Admitted]) async -> [Passing<Admitted>] {
        let keys = all.map { ConsignmentKey($0.arrival.key) }
        var begun: [Passing<Admitted>] = []
        do {
            let marks = Dictionary(try await agency.ledger.stagingMarks(of: keys).map { ($0.key, $0) }) { $1 }
            for (one, key) in zip(all, keys) { begun.append(await anew(one, marks[key])) }
            return begun
        } catch {
            return all.map { .ends(.problem(problem(of: error, $0.arrival.key))) }
        }
    }

    private func anew(_ one: Admitted, _ mark: StagingMark?) async -> Passing<Admitted> {
        guard let mark else { return .goes(one) }
        do { try await giveUp(mark, one.waybill, one.arrival.key) } catch {
            return .ends(.problem(problem(of: error, one.arrival.key)))
        }
        return .goes(one)
    }

    private func passing(_ one: Admitted, _ end: Result<StagedFile, any Error>) async -> Passing<StagedFile> {
        do { return .goes(try end.get()) } catch let broken as Unstaged {
            do { return .ends(try await unstaged(broken.staging, one.waybill, one.arrival.key, broken.why)) } catch {
                return .ends(.problem(problem(of: error, one.arrival.key)))
            }
        } catch let none as NoRoom {
            return .ends(.problem(refused(none)))
        } catch {
            return .ends(.problem(problem(of: error, one.arrival.key)))
        }
    }

    /// What is staged gets its name and its receipt. What cannot be published rests.
    func publish(_ all: [StagedFile]) async -> [ArrivalAnswer] {
        if all.isEmpty { return [] }
        let published = await inbox.publish(all)
        let receipts = await receipts.write(published)
        if receipts.contains(where: \.isSuccess) {
            agency.signals.send(.exchanged(all[0].key.partner))
            agency.alarms.alarm("inbox", nil)
        }
        var answers: [ArrivalAnswer] = []
        for (staged, receipt) in zip(all, receipts) { answers.append(await answer(staged, receipt)) }
        return answers
    }

    private func answer(_ staged: StagedFile, _ receipt: Result<SignedReceipt, any Error>) async -> ArrivalAnswer {
        do {
            let bytes = try receipt.get().bytes
            agency.log.info(
                "received", metadata: ["consignment": "\(staged.key.id)", "partner": "\(staged.key.partner)"])
            return .receipt(bytes, isNew: true)
        } catch {
            await rest(staged.staging, after: error)
            return .problem(problem(of: error, staged.key))
        }
    }

    /// Who may read what is published besides us.
    var readers: Group? { agency.rules.readersGroup.flatMap(Group.init(named:)) }
}
