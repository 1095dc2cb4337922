internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Transport
internal import Vocabulary

/// Hands our later statements to partners until each has taken them: the ledger's open `post` duties, nothing else.
///
///     said + post duty, one commit ─► sealed ─► taken ─► duty closed
///                                        ▲         │
///                                        └─ later ◄┘  (for ever, 15 s apart at most)
package actor Postman {
    private let office: Office
    private let sending: Sending
    private var pauses: [AgencyID: Double] = [:]
    private var asleep: Set<AgencyID> = []
    /// Statements are few and urgent: a partner who is back should not wait for one.
    private static let longestPause = 15.0

    package init(office: Office, sending: Sending) {
        self.office = office
        self.sending = sending
    }

    package func run() async {
        let office = office
        await withTaskCancellationHandler {
            while !Task.isCancelled {
                await round()
                await office.post.wait()
            }
        } onCancel: {
            Task { await office.post.ring() }
        }
    }

    /// Partner by partner, so that what one is owed, or does not take, never stands before another's.
    private func round() async {
        do {
            let owed = try await office.ledger.duties(.open(.post), limit: 1)
            guard !owed.isEmpty else { return office.standing.clearAlarms(named: "post/") }
            for partner in office.partners.all.map(\.id) where !asleep.contains(partner) {
                var filter = DutyFilter.open(.post)
                filter.partner = partner
                await hand(try await office.ledger.duties(filter, limit: 1000), to: partner)
            }
        } catch {
            office.log.error("statements cannot be read", metadata: ["why": "\(error)"])
            again(after: 30)
        }
    }

    /// What the partner does not understand waits, and holds up nothing behind it; trouble with the partner holds up all.
    private func hand(_ duties: [Duty], to id: AgencyID) async {
        var isComplete = true
        for duty in duties {
            do {
                try await hand(duty)
            } catch {
                let why = (error as? TryLater)?.explanation ?? "\(error)"
                office.standing.alarm("post/\(id)", "A statement could not be handed to \(id) yet: \(why)")
                office.log.notice("statement not taken yet", metadata: ["partner": "\(id)", "why": "\(why)"])
                isComplete = false
                guard (error as? TryLater)?.reason == .misunderstood else { break }
            }
        }
        guard isComplete else { return sleep(id) }
        pauses[id] = nil
        office.standing.alarm("post/\(id)", nil)
    }

    private func hand(_ duty: Duty) async throws {
        let key = duty.consignment
        guard let partner = office.partners[key.partner] else { throw UnknownPartner(id: key.partner) }
        if let why = await office.barrier.outward(partner.id) { throw why }
        guard let recipient = partner.usable(.sealing, at: office.now()).first else {
            throw Dispatcher.noSealingKey(partner.id)
        }
        guard let signed = try await statement(of: duty) else { return try await close(duty, "erased") }
        let sealed = try Sealer(recipient: recipient).sealWaybill(signed)
        if let trouble = try await sending.dispatcher(for: partner.id).courier.post(statement: sealed, about: key.id) {
            throw trouble
        }
        CrashPoint.afterStatementTaken.pass()
        try await close(duty, "taken")
        await office.swaps.ring(partner.id)
        if duty.facts["statement"] == LaterStatement.Kind.recall.rawValue { await sending.fetchReceipt(key, partner) }
    }

    /// The signed bytes that the duty names by digest.
    private func statement(of duty: Duty) async throws -> [UInt8]? {
        for event in try await office.ledger.events(of: duty.consignment) {
            guard let detail = event.detail, let statement = try? EventDetail(parsing: detail).statement else {
                continue
            }
            if SHA256.digest(statement).hex == duty.facts["sha256"] { return statement }
        }
        return nil
    }

    private func close(_ duty: Duty, _ ground: String) async throws {
        var duty = duty
        duty.close(at: office.now(), by: "daemon", ground: ground)
        try await office.ledger.append([duty.event(at: office.now())])
    }

    private func sleep(_ id: AgencyID) {
        let pause = min(Self.longestPause, (pauses[id] ?? office.rules.retryFirst / 2) * 2)
        pauses[id] = pause
        asleep.insert(id)
        Task { [office] in
            try? await Task.sleep(for: .seconds(pause))
            self.wake(id)
            await office.post.ring()
        }
    }

    private func wake(_ id: AgencyID) { asleep.remove(id) }

    private func again(after seconds: Double) {
        Task { [office] in
            try? await Task.sleep(for: .seconds(seconds))
            await office.post.ring()
        }
    }
}

extension Duty {
    /// The event that only changes this duty.
    func event(at now: Instant, _ facts: [String: JSON] = [:]) -> NewEvent {
        NewEvent(
            at: now, kind: .duty, consignment: consignment.id, partner: consignment.partner,
            detail: EventDetail(facts, duties: [self]))
    }
}
