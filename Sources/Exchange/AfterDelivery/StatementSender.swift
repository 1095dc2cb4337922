internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Statements
internal import Transport
internal import Vocabulary

/// Hands our later statements to partners until each has taken them: the ledger's open `post` and `news` duties, nothing
/// else.
///
///     said + duty, one commit ─► sealed ─► taken ─► duty closed
///                                   ▲         │
///                                   └─ later ◄┘  (for ever, 15 s apart at most)
///
/// What is said of an emergency goes first.
/// What people wait for and what daemons tell by themselves are two errands, each with its own round: a thousand
/// handovers that a partner takes in slowly delay no recall.
package actor StatementSender {
    private let agency: Agency
    private let sending: Sending
    private var pauses: [Errand: Double] = [:]
    private var asleep: Set<Errand> = []

    private struct Errand: Hashable {
        let kind: Duty.Kind
        let partner: AgencyID

        /// Statements are few and urgent: a partner who is back should not wait for one.
        var longestPause: Double { kind == .post ? 15 : 60 }
    }

    private static let most = 1000

    package init(agency: Agency, sending: Sending) {
        self.agency = agency
        self.sending = sending
    }

    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.run(.post, self.agency.signals.listen(for: .post)) }
            group.addTask { await self.run(.news, self.agency.signals.listen(for: .news)) }
        }
    }

    private func run(_ kind: Duty.Kind, _ hearing: Hearing) async {
        await round(kind, hearing)
        for await _ in hearing { await round(kind, hearing) }
    }

    /// Partner by partner, so that what one is owed, or does not take, never stands before another's.
    private func round(_ kind: Duty.Kind, _ hearing: Hearing) async {
        do {
            let owed = try await agency.ledger.duties(.open(kind), limit: 1)
            if owed.isEmpty { return agency.alarms.clearAlarms(named: "\(kind)/") }
            for partner in agency.partners.all.map(\.id) {
                let errand = Errand(kind: kind, partner: partner)
                guard !asleep.contains(errand) else { continue }
                var filter = DutyFilter.open(kind)
                filter.partner = partner
                let duties = try await agency.ledger.duties(filter, limit: Self.most)
                if await hand(duties, errand, hearing), duties.count == Self.most { hearing.tell(.again) }
            }
        } catch {
            agency.log.error("statements cannot be read", metadata: ["why": "\(error)"])
            hearing.again(after: 30)
        }
    }

    /// What the partner does not understand waits, and holds up nothing behind it; trouble with the partner holds up all.
    /// - Returns: whether all were taken.
    private func hand(_ duties: [Duty], _ errand: Errand, _ hearing: Hearing) async -> Bool {
        var trouble: TryLater?
        for duty in duties.filter(\.isUrgent) + duties.filter({ !$0.isUrgent }) {
            do {
                try await Urgency.first(duty.isUrgent) { try await hand(duty) }
            } catch {
                let why = error as? TryLater ?? TryLater(.ours, "\(error)")
                tell(why, errand)
                trouble = why
                guard why.reason == .misunderstood else { break }
            }
        }
        if let trouble {
            sleep(errand, trouble, hearing)
            return false
        }
        pauses[errand] = nil
        agency.alarms.alarm("\(errand.kind)/\(errand.partner)", nil)
        return true
    }

    /// News may take its time: `late/news` in the status tells of what stays with us for days.
    private func tell(_ why: TryLater, _ errand: Errand) {
        let id = errand.partner
        guard errand.kind == .post else {
            return agency.log.debug("news not taken yet", metadata: ["partner": "\(id)", "why": "\(why.explanation)"])
        }
        agency.alarms.alarm("post/\(id)", "A statement could not be handed to \(id) yet: \(why.explanation)")
        agency.log.notice("statement not taken yet", metadata: ["partner": "\(id)", "why": "\(why.explanation)"])
    }

    private func hand(_ duty: Duty) async throws {
        let key = duty.consignment
        guard let partner = agency.partners[key.partner] else { throw UnknownPartner(id: key.partner) }
        if let why = await agency.rollback.outward(partner.id) { throw why }
        guard let recipient = partner.usable(.sealing, at: agency.clock.now()).first else {
            throw Dispatcher.noSealingKey(partner.id, agency.clock.ours)
        }
        guard let signed = try await statement(of: duty) else { return try await close(duty, "erased") }
        let sealed = try Sealer(recipient: recipient).sealWaybill(signed)
        if let trouble = try await sending.dispatcher(for: partner.id).courier.post(statement: sealed, about: key.id) {
            throw trouble
        }
        CrashPoint.afterStatementTaken.pass()
        try await close(duty, "taken")
        agency.signals.send(.exchanged(partner.id))
        if duty.facts["statement"] == LaterStatement.Kind.recall.rawValue { await sending.fetchReceipt(key, partner) }
    }

    /// The signed bytes that the duty names by digest.
    private func statement(of duty: Duty) async throws -> [UInt8]? {
        try await agency.ledger.statements([.said, .recalled, .withdrawn], of: duty.consignment)
            .first { SHA256.digest($0.bytes).hex == duty.facts["sha256"] }?.bytes
    }

    private func close(_ duty: Duty, _ ground: String) async throws {
        let now = agency.clock.now()
        try await agency.ledger.append([duty.closed(at: now, by: "daemon", ground: ground).event(at: now)])
    }

    /// Twice as long each time; what the partner asks for counts where nobody waits.
    private func sleep(_ errand: Errand, _ why: TryLater, _ hearing: Hearing) {
        let next = (pauses[errand] ?? agency.rules.retryFirst / 2) * 2
        let asked = errand.kind == .news ? Double(why.after ?? 0) : 0
        let pause = min(errand.longestPause, max(next, asked))
        pauses[errand] = min(errand.longestPause, next)
        asleep.insert(errand)
        Task {
            try? await Task.sleep(for: .seconds(pause))
            self.wake(errand)
            hearing.tell(.again)
        }
    }

    private func wake(_ errand: Errand) { asleep.remove(errand) }
}

extension Duty {
    /// The event that only changes this duty.
    func event(at now: Instant, _ facts: [String: JSON] = [:]) -> NewEvent {
        NewEvent(
            at: now, kind: .duty, consignment: consignment.id, partner: consignment.partner,
            detail: EventDetail(facts, duties: [self]))
    }
}

extension Sending {
    /// The receipt of what was recalled on its way may still be with the partner: it is part of the story.
    func fetchReceipt(_ key: ConsignmentKey, _ partner: Partner) async {
        do {
            guard let record = try await agency.ledger.record(key), record.receiptSHA256 == nil else { return }
            guard case .receipt(let signed) = try await dispatcher(for: partner.id).courier.enquire(key.id) else {
                return
            }
            try await adopt(signed, record, partner)
        } catch {
            agency.log.notice("no receipt after a recall", metadata: ["consignment": "\(key.id)", "why": "\(error)"])
        }
    }
}
