internal import Envelope
internal import Ledger
internal import Logging
package import Statements
internal import Transport
package import Vocabulary

/// Carries cards: ours to every partner until each has taken it, theirs to us once a day, at the start, and when something
/// fails as it would if theirs were new.
///
///     our card ─► post ─► taken: remembered        their card ─► fetch ─► newer: ledger, partners/, partners
///                  └─ later: tried for ever                     └─ later
package actor CardRounds {
    private let agency: Agency
    private let sending: Sending
    private let read: @Sendable () -> [UInt8]
    /// Our newest card as signed, read again when it has changed.
    private var ours: (card: [UInt8], digest: Digest)
    private let take: CardTaker
    private var busy: Set<AgencyID> = []
    private var again: Set<AgencyID> = []
    private var suspects: Set<AgencyID> = []
    /// Not before this moment of the clock that never jumps, and the pause that led to it, seconds.
    private var pauses: [AgencyID: (until: Double, pause: Double)] = [:]
    private var fetched: [AgencyID: Double] = [:]

    private static let day = 86_400.0
    /// A partner that fails again and again is not asked for its card each time.
    private static let suspicion = 5.0

    /// - Parameters:
    ///   - ours: our newest card as signed.
    ///   - take: what is done with a partner's.
    package init(
        agency: Agency, sending: Sending, ours: @escaping @Sendable () -> [UInt8], take: @escaping CardTaker
    ) {
        (self.agency, self.sending, self.read, self.take) = (agency, sending, ours, take)
        let card = ours()
        self.ours = (card, SHA256.digest(card))
    }

    /// Until cancelled.
    package func run() async {
        let hearing = agency.signals.listen(for: .cards)
        cardChanged()
        await withDiscardingTaskGroup { group in
            group.addTask { await Self.tick(hearing) }
            for await told in hearing {
                if told.contains(.cardChanged) { cardChanged() }
                for case .cardSuspected(let partner) in told { suspects.insert(partner) }
                for partner in due() { group.addTask { await self.visit(partner) } }
            }
            group.cancelAll()
        }
    }

    private func cardChanged() {
        let card = read()
        ours = (card, SHA256.digest(card))
        pauses = [:]
    }

    /// Looks every second whether somebody's pause is over: a look is a few dictionary reads.
    private static func tick(_ hearing: Hearing) async {
        while !Task.isCancelled {
            hearing.tell(.again)
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Partners to visit now; each is then busy.
    private func due() -> [Partner] {
        let now = agency.clock.boot()
        return agency.partners.all.filter { partner in
            if let pause = pauses[partner.id], now < pause.until { return false }
            guard isDue(partner.id, at: now) else { return false }
            return busy.insert(partner.id).inserted
        }
    }

    private var taken: [AgencyID: Digest] = [:]

    private func isDue(_ id: AgencyID, at now: Double) -> Bool {
        if taken[id] != ours.digest { return true }
        guard let last = fetched[id] else { return true }
        return now - last >= (suspects.contains(id) ? Self.suspicion : Self.day)
    }

    private func visit(_ partner: Partner) async {
        do {
            let courier = try sending.dispatcher(for: partner.id).courier
            try await push(to: partner.id, by: courier)
            try await fetch(from: partner, by: courier)
            pauses[partner.id] = nil
        } catch {
            pause(partner.id, error)
        }
        busy.remove(partner.id)
    }

    // MARK: Ours

    private func push(to id: AgencyID, by courier: any Courier) async throws {
        let (card, digest) = ours
        guard taken[id] != digest else { return }
        let owed = try await CardOwed(id, digest, agency)
        if !owed.isTaken {
            if let later = await courier.post(statement: card, about: nil) {
                tell(id, owed, later)
                throw later
            }
            try await owed.taken(agency)
            agency.log.info("our card was taken", metadata: ["partner": "\(id)"])
        }
        taken[id] = digest
        agency.alarms.alarm("cards/\(id)", nil)
    }

    private func tell(_ id: AgencyID, _ owed: CardOwed, _ later: TryLater) {
        // Owed since a time to come: a clock was wrong, and it may have been for long.
        guard abs(agency.clock.now().seconds - owed.since.seconds) >= Int64(Self.day) else { return }
        agency.alarms.alarm(
            "cards/\(id)",
            "\(id) has not taken our newest card since \(owed.since.date): \(later.explanation) Send it by hand: "
                + "waybill card --out FILE")
    }

    // MARK: Theirs

    private func fetch(from partner: Partner, by courier: any Courier) async throws {
        let now = agency.clock.boot()
        let (isSuspect, last) = (suspects.contains(partner.id), fetched[partner.id])
        if let last, now - last < (isSuspect ? Self.suspicion : Self.day) { return }
        fetched[partner.id] = now
        suspects.remove(partner.id)
        let card = try await courier.fetchCard()
        do { if card != partner.signedCard { try await take(card, partner) } } catch {
            agency.log.warning("card not taken", metadata: ["partner": "\(partner.id)", "why": "\(error)"])
            agency.alarms.alarm("card/\(partner.id)", "The card that \(partner.id) shows is not taken: \(error)")
            return
        }
        agency.alarms.alarm("card/\(partner.id)", nil)
    }

    private func pause(_ id: AgencyID, _ error: any Error) {
        let rules = agency.rules
        let pause = min(rules.retryMost, (pauses[id]?.pause ?? rules.retryFirst / 2) * 2)
        pauses[id] = (agency.clock.boot() + pause, pause)
        // What was not fetched is fetched when the pause is over.
        if fetched[id] == nil || error is TryLater { suspects.insert(id) }
        let why = (error as? TryLater)?.reason.rawValue ?? "\(error)"
        agency.log.debug("cards later", metadata: ["partner": "\(id)", "why": "\(why)"])
    }
}

/// What a partner still has to take, remembered across restarts: `SHA256` once taken, else `SHA256 SINCE`.
package struct CardOwed {
    let since: Instant
    let isTaken: Bool
    private let name: String
    private let digest: Digest

    init(_ id: AgencyID, _ digest: Digest, _ agency: Agency) async throws {
        (name, self.digest) = (Self.name(id), digest)
        let fields = try await agency.ledger.remembered(name)?.split(separator: " ") ?? []
        let isThis = fields.first.map(String.init) == digest.hex
        isTaken = isThis && fields.count == 1
        if isThis, fields.count == 2, let since = try? Instant(String(fields[1])) {
            self.since = since
        } else {
            since = agency.clock.now()
            if !isTaken { try await agency.ledger.remember(name, "\(digest.hex) \(since)") }
        }
    }

    func taken(_ agency: Agency) async throws { try await agency.ledger.remember(name, digest.hex) }

    package static func name(_ id: AgencyID) -> String { "card/\(id)" }
}
