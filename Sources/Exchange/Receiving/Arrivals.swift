internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
package import Statements
package import Transport
package import Vocabulary

/// What only the receiving half needs besides its agency.
package struct ReceivingParts: Sendable {
    let published: any PublishedFiles
    /// The very same as those of `PlaceRecords`, else a row in doubt is published twice.
    let doubts: Doubts

    package init(published: any PublishedFiles, doubts: Doubts) {
        (self.published, self.doubts) = (published, doubts)
    }
}

/// The receiving side: whatever road an arrival came by, it is opened, verified, admitted, staged, published, receipted
/// here, in this order.
///
///     small and whole   held until its batch is here, then every stage takes all of them (`Arrivals+Batch`)
///     large, urgent     goes on by itself, part after part, as it comes
package struct Arrivals: ArrivalHandler {
    let agency: Agency
    var waybills: WaybillOpener { WaybillOpener(opener: agency.us.opener, sure: agency.clock.sure) }
    let admission: WaybillAdmitter
    let table: ArrivalTable
    let inbox: Inbox
    let receipts: ReceiptWriter
    let questions: any LedgerQuestions
    private let ourCard: @Sendable () -> [UInt8]
    /// Takes a newer card of a partner; absent where cards are taken by hand only.
    let takeCard: CardTaker?

    package init(
        agency: Agency, parts: ReceivingParts, questions: any LedgerQuestions,
        card: @escaping @Sendable () -> [UInt8], takeCard: CardTaker? = nil
    ) {
        self.agency = agency
        (self.questions, self.takeCard) = (questions, takeCard)
        admission = WaybillAdmitter(us: agency.us.id, ourIdentity: agency.us.fingerprint, law: agency.law)
        table = ArrivalTable(agency.budget)
        inbox = Inbox(agency, parts.doubts)
        receipts = ReceiptWriter(agency: agency, files: parts.published)
        ourCard = card
    }

    package func card() async -> [UInt8] { ourCard() }

    package func receive(_ batch: inout some ArrivingBatch, from peer: AgencyID) async -> [ArrivalAnswer] {
        var held = HeldArrivals()
        while let next = try? await batch.advance() {
            let place = held.begin()
            if let answer = await take(next, place, from: peer, &held, body: &batch) { held.answers[place] = answer }
            // Hundreds of signatures one after another: whoever is in a hurry comes in between.
            await Task.yield()
        }
        await workOff(&held)
        CrashPoint.beforeAnswer.pass()
        return held.answers.map { $0 ?? .problem(.unanswered) }
    }

    /// Nil if it is held.
    private func take(
        _ next: Arriving, _ place: Int, from peer: AgencyID, _ held: inout HeldArrivals,
        body: inout some ArrivingBytes
    ) async -> ArrivalAnswer? {
        guard let partner = partner(peer) else { return .problem(Self.stranger) }
        if let notNow = await agency.rollback.inward(peer) { return .problem(notNow) }
        let key = StagingKey(partner: peer, id: next.id)
        let memory = ArrivalMemory(agency.budget, of: peer)
        guard let ticket = table.begin(from: peer, cut: cut(body, memory)) else { return .problem(Self.tooMany) }
        let passage = Passage(
            key: key, ticket: ticket, partner: partner, part: next.from, memory: memory, place: place)
        do {
            guard let answer = try await take(passage, &held, body: &body) else { return nil }
            leave(passage)
            return answer
        } catch {
            leave(passage)
            return .problem(problem(of: error, key))
        }
    }

    func leave(_ passage: Passage) {
        passage.memory.close()
        table.leave(passage.key, passage.ticket)
    }

    /// One consignment on its way through here: whose it is, from which part on it comes, what it holds meanwhile, and its
    /// place in the batch.
    struct Passage: Sendable {
        let key: StagingKey
        let ticket: Int
        let partner: Partner
        let part: Int
        let memory: ArrivalMemory
        let place: Int
    }

    /// Ends an arrival wherever it is: reading, or waiting for room.
    private func cut(_ body: some ArrivingBytes, _ memory: ArrivalMemory) -> @Sendable () -> Void {
        let road = body.cut
        return {
            memory.cut()
            road()
        }
    }

    /// Nil for a stranger; whoever waits for a partner of ours is told that it speaks.
    @discardableResult
    func partner(_ peer: AgencyID) -> Partner? {
        guard let partner = agency.partners[peer] else { return nil }
        agency.signals.saw(peer)
        return partner
    }

    /// Reads the waybill, which says whether it is an emergency: then all that follows goes in front of everybody else.
    private func take(
        _ passage: Passage, _ held: inout HeldArrivals, body: inout some ArrivingBytes
    ) async throws -> ArrivalAnswer? {
        let (key, ticket, memory) = (passage.key, passage.ticket, passage.memory)
        var messages = MessageReader(memory)
        let road = cut(body, memory)
        let first = try await messages.waybill(from: &body) {
            table.makeRoom(from: key.partner, for: ticket)
            if held.whole.isEmpty { return }
            // It waits for our own work, so that its time does not count.
            table.isRead(ticket, from: key.partner)
            await workOff(&held)
            table.isUnread(ticket, from: key.partner, cut: road)
        }
        let opened = try await open(first, passage)
        let isUrgent = opened.waybill.label.emergency != nil
        if !isUrgent, passage.part == 1, WholeArrival.isSmall(opened.waybill) {
            table.isRead(ticket, from: key.partner)
            try await isRead(first.count, memory, &held)
            let part = try await wholePart(opened, &messages, &held, &body)
            held.whole.append(WholeArrival(passage: passage, opened: opened, part: Lent(part)))
            return nil
        }
        if isUrgent { body.isUrgent() }
        guard await table.enter(key, ticket, isUrgent ? .urgent : .routine, cut: road) else {
            return .problem(Self.tooMany)
        }
        try await memory.isRead(first.count, isUrgent: isUrgent)
        return try await Urgency.first(isUrgent) {
            try await take(opened, passage, &messages, &body)
        }
    }

    private func open(_ first: [UInt8], _ passage: Passage) async throws -> OpenedWaybill {
        let now = agency.clock.now()
        do { return try waybills.open(first, from: passage.partner, at: now) } catch {
            if case .clock(let ahead) = error, ahead > 0 {
                // Nothing of it is taken in, and yet it tells whose clock differs.
                agency.clock.skew.note(
                    partner: passage.key.partner, their: now.adding(seconds: ahead), sent: nil, received: now)
            }
            await incident(error, passage.key)
            throw error
        }
    }

    private func take(
        _ opened: OpenedWaybill, _ passage: Passage, _ messages: inout MessageReader, _ body: inout some ArrivingBytes
    ) async throws -> ArrivalAnswer {
        let (key, now) = (passage.key, agency.clock.now())
        if let notNow = bounded(opened, key, at: now) { return .problem(notNow) }
        if let record = try await agency.ledger.record(ConsignmentKey(.received, key.partner, key.id)) {
            if let known = try await known(record, opened) { return known }
        } else if try await agency.ledger.statement(.heard, of: ConsignmentKey(key)) != nil {
            return try await withdrawn(opened, key.partner)
        }
        switch admission.judge(opened, id: key.id, from: passage.partner, at: now) {
        case .notTheirs(let why): return .problem(Problem(.notAllowed, why))
        case .refused(let reason, let why):
            let signed = try await receipts.refuse(opened, from: key.partner, reason, why)
            return .refusal(signed, reason)
        case .admitted(let admitted):
            return try await stage(admitted, passage, &messages, &body)
        }
    }

    /// Before anything is recorded, so that no partner can fill the ledger, with conflicts say.
    func bounded(_ opened: OpenedWaybill, _ key: StagingKey, at now: Instant) -> Problem? {
        agency.clock.skew.note(partner: key.partner, their: opened.waybill.signedAt, sent: nil, received: now)
        let rate = Urgency.isUrgent ? Budget.Rate.emergencies : .consignments
        guard agency.budget.spend(of: rate, by: key.partner, at: now) else {
            return Problem(.busy, "Too many consignments in this minute.", retryAfter: 60)
        }
        return agency.admitsEntry(opened.signed.count, from: key.partner, at: now) ? nil : Self.tooManyEntries
    }

    /// The same waybill again is success, and answered with the same bytes; another one under the same id is not. Nil: nobody
    /// has it, and it is taken in anew.
    func known(_ record: ConsignmentRecord, _ opened: OpenedWaybill) async throws -> ArrivalAnswer? {
        let key = record.key
        guard record.waybill == opened.digest else {
            agency.logRefused("same id, another waybill", key.partner, .error, ["consignment": "\(key.id)"])
            let why = "This consignment id came before with another waybill. Send the file anew under a new id."
            return .refusal(try await receipts.refuse(opened, from: key.partner, .conflict, why), .conflict)
        }
        // Publishing was begun and something of ours failed: it is finished, never staged and published twice.
        if record.state == .publishing {
            // Nobody has it, as far as can be seen: so it is taken in anew, under a new intent.
            do { try await finish(record) } catch StagingTrouble.notSeen { return nil }
        }
        if let receipt = try await agency.ledger.statement(.received, of: key) {
            return .receipt(receipt, isNew: false)
        }
        guard let refusal = try await agency.ledger.statement(.declined, of: key) else {
            return .problem(record.erasedAt == nil ? Self.withdrawn : Self.erased)
        }
        let reason = try Refusal(kept: StatementVerifier.uncheckedContent(of: refusal)).reason
        return .refusal(refusal, reason)
    }

    /// It was asked back before it came, and we have answered that nothing of it is here: so it stays out.
    func withdrawn(_ opened: OpenedWaybill, _ partner: AgencyID) async throws -> ArrivalAnswer {
        let why = "The sender asked for this consignment back before it arrived."
        return .refusal(try await receipts.refuse(opened, from: partner, .withdrawn, why), .withdrawn)
    }

    private func stage(
        _ admitted: AdmittedWaybill, _ passage: Passage, _ messages: inout MessageReader,
        _ body: inout some ArrivingBytes
    ) async throws -> ArrivalAnswer {
        let key = passage.key
        guard let staging = try await staging(for: admitted, key, startingAt: passage.part) else {
            return .problem(Problem(.malformed, "Another part is wanted: ask with GET where to go on.", retryAfter: 1))
        }
        do {
            try messages.expectParts(admitted.waybill.partCount - staging.next + 1, admitted.waybill.partSize)
            try await PartPump(agency: agency, staging: staging, memory: passage.memory).run(&messages, &body)
            let group = readers
            let staged = try await Blocking.run { try staging.finish(admitted, mode: StagedFile.mode, group: group) }
            return await publish([staged]).first ?? .problem(.unanswered)
        } catch {
            return try await unstaged(staging, admitted, key, error)
        }
    }

    /// What staging was broken off by; throws what is nobody's answer.
    func unstaged(
        _ staging: Staging, _ admitted: AdmittedWaybill, _ key: StagingKey, _ error: any Error
    ) async throws -> ArrivalAnswer {
        switch error {
        case StagingTrouble.wholeFileMismatch:
            staging.discard()
            let why = "Every part verified, but the whole file differs from the digest in the waybill."
            return .refusal(
                try await receipts.refuse(admitted.opened, from: key.partner, .wholeFileMismatch, why),
                .wholeFileMismatch)
        case StagingTrouble.resumedPrefixMismatch:
            staging.discard()
            try await agency.ledger.clearStagingMark(ConsignmentKey(.received, key.partner, key.id))
            return .problem(
                Problem(.cutShort, "What was staged before the break is damaged: start from part 1.", retryAfter: 1))
        default:
            await rest(staging, after: error)
            throw error
        }
    }
}
