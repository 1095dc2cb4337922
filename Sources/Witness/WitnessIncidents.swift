package import Exchange
internal import Ledger
internal import Logging
package import Vocabulary

/// What we say and keep when a partner's ledger is not what it was. Exchange goes on.
///
///     incident (event, both notes) + alarm `witness/PARTNER`, kept across restarts until proved or seen by a person
package struct WitnessIncidents: Sendable {
    private let agency: Agency

    package init(agency: Agency) { self.agency = agency }

    /// Once for each head that we hold: whatever contradicts it afterwards says nothing new, but for a fork, which no later
    /// proof takes back.
    func record(_ contradiction: Contradiction) async throws {
        let (held, shown) = (contradiction.held, contradiction.shown)
        let name = Self.incident(held)
        let head = "\(held.checkpoint.size) \(held.checkpoint.root.hex)"
        let pair = "\(contradiction.kind.rawValue) \(head)"
        if let known = try await agency.ledger.remembered(name), known.hasSuffix(" \(head)"),
            contradiction.kind != .forked || known == pair
        {
            return
        }
        // A fork is evidence that nobody can bring again, and there is one of each head: no bound keeps it out.
        guard
            contradiction.kind == .forked
                || agency.admitsEntry(
                    held.note.utf8.count + shown.note.text.utf8.count, from: held.partner, at: agency.clock.now())
        else { return }
        try await append(contradiction.kind.rawValue, held, shown)
        try await agency.ledger.remember(name, pair)
        try await raise(held.partner, Self.words(contradiction, at: agency.clock.now()))
        agency.log.error(
            "a partner's ledger contradicts what it showed before",
            metadata: [
                "partner": "\(held.partner)", "what": "\(contradiction.kind.rawValue)",
                "held": "\(held.checkpoint.size)", "shown": "\(shown.checkpoint.size)",
            ])
    }

    func recordNewLedger(_ shown: ShownCheckpoint, after last: WitnessedHead) async throws {
        try await append("new-ledger", last, shown)
        try await raise(
            last.partner,
            """
            \(last.partner) began a new ledger (seen \(Notes.moment(agency.clock.now()))); of its old one we hold \
            \(last.checkpoint.size) events. So it is after a restored backup. If they did not tell you of one, ring them. \
            Then: waybill ledger witness --seen \(last.partner) --because TEXT
            """)
        agency.log.warning(
            "a partner began a new ledger",
            metadata: ["partner": "\(last.partner)", "held": "\(last.checkpoint.size)"])
    }

    /// It has proved now that it grew from what we hold: a failed proof before was damage on the way.
    func proved(_ partner: AgencyID, _ origin: String, after old: Int64) async throws {
        let name = Self.incident(partner, origin)
        guard let pair = try await agency.ledger.remembered(name), pair.hasPrefix("rewritten \(old) ") else { return }
        try await agency.ledger.remember(name, nil)
        try await lower(partner)
        agency.log.notice("a partner's ledger proved itself after all", metadata: ["partner": "\(partner)"])
    }

    /// A person has dealt with it.
    package func seen(_ partner: AgencyID, because: String, by account: String) async throws {
        guard try await agency.ledger.remembered(Self.alarm(partner)) != nil else {
            throw OfficerProblem.refused(
                "There is no alarm about the ledger of \(partner). See: waybill ledger witness")
        }
        let facts: [String: JSON] = [
            "because": .string(because), "by": .string(Person.named(account)), "what": .string("witness-seen"),
        ]
        try await agency.ledger.append([
            NewEvent(
                at: agency.clock.now(), kind: .incident, consignment: nil, partner: partner, detail: EventDetail(facts))
        ])
        try await lower(partner)
    }

    /// Alarms of a former life.
    package func restore() async {
        guard let kept = try? await agency.ledger.remembered(named: Self.alarms) else { return }
        for (name, text) in kept { agency.alarms.alarm("witness/\(name.dropFirst(Self.alarms.count))", text) }
    }

    private func append(_ what: String, _ held: WitnessedHead, _ shown: ShownCheckpoint) async throws {
        let facts: [String: JSON] = [
            "held": .string(held.note), "heldAt": .string(held.at.description), "shown": .string(shown.note.text),
            "what": .string(what),
        ]
        try await agency.ledger.append([
            NewEvent(
                at: agency.clock.now(), kind: .incident, consignment: nil, partner: held.partner,
                detail: EventDetail(facts))
        ])
    }

    private func raise(_ partner: AgencyID, _ text: String) async throws {
        agency.alarms.alarm("witness/\(partner)", text)
        try await agency.ledger.remember(Self.alarm(partner), text)
    }

    private func lower(_ partner: AgencyID) async throws {
        try await agency.ledger.remember(Self.alarm(partner), nil)
        agency.alarms.alarm("witness/\(partner)", nil)
    }

    private static let alarms = "witness-alarm/"
    private static func alarm(_ partner: AgencyID) -> String { "\(alarms)\(partner)" }
    private static func incident(_ held: WitnessedHead) -> String { incident(held.partner, held.checkpoint.origin) }
    /// One for each ledger of a partner, of which there are 64 at most.
    private static func incident(_ partner: AgencyID, _ origin: String) -> String {
        "witness-incident/\(partner)/\(origin.split(separator: "/").last ?? "")"
    }

    private static func words(_ contradiction: Contradiction, at now: Instant) -> String {
        let (held, shown) = (contradiction.held, contradiction.shown.checkpoint)
        let what =
            switch contradiction.kind {
            case .forked: "shows another content for the same \(shown.size) events"
            case .rewritten:
                "could not prove that its \(shown.size) events only add to the \(held.checkpoint.size) of before"
            case .shrunk: "shows \(shown.size) events where it showed \(held.checkpoint.size) before"
            }
        return """
            \(held.partner) \(what) (\(Notes.moment(now)); before: \(Notes.moment(held.at))). Its record may have been \
            changed, so we do not countersign it. Files still go and come. Both signed checkpoints are in our ledger as \
            evidence: waybill ledger witness. Ring them; then: waybill ledger witness --seen \(held.partner) --because TEXT
            """
    }
}
