package import Vocabulary

/// Something that a person, a partner or the daemon still owes, with the moment by which.
///
///     open ──► deferred ──► open     (deferred: looked at again on a date)
///       └────────┴────────► closed   (with the ground and who said so)
///
/// Opened and changed only by events, whose detail carries it whole (`EventDetail.duties`); the ledger's row is the newest
/// of these.
package struct Duty: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Tell a subject that we hold their data (UK GDPR 14).
        case notice
        /// Look at what was sent as an emergency.
        case review
        /// Wrong recipient, wrong content, failed recall: 72 hours to decide about the regulator (UK GDPR 33, DPA 2018 s.67).
        case incident
        /// We asked for it back; the recipient owes an answer.
        case recall
        /// They asked for it back; a person of ours owes an answer.
        case recalled
        /// We sent a new version; the recipient has not signed for it yet.
        case correction
        /// They sent a new version; a person of ours owes a look at where the old one is used.
        case corrected
        /// A statement of ours that the partner has not taken yet; the daemon owes it.
        case post
        /// As `post`, but nobody waits for it: handed over after every `post`, without an alarm until it is late.
        case news
        /// They sent it; somebody of ours should collect it from the inbox.
        case collection
        /// We sent it, and the recipient's daemon says that nobody collects it: a person of ours should ring them.
        case uncollected

        /// The daemon's own errands: people see them only if they ask.
        package static let errands: Set<Kind> = [.post, .news]
    }

    package enum State: String, Sendable, CaseIterable { case open, deferred, closed }

    package let kind: Kind
    package let id: ConsignmentID
    /// What it is about.
    package let consignment: ConsignmentKey
    /// Pseudonymous case reference, where the duty is owed to one subject.
    package let subject: String?
    package var state = State.open
    package let openedAt: Instant
    /// The earliest moment that anybody could call late: alarms go by it.
    package var due: Instant
    /// The last lawful moment, where a weekend or bank holiday moves it (Regulation 1182/71 Art 3).
    package var dueLegal: Instant?
    /// Deferred until this moment, when it opens again by itself.
    package var deferredUntil: Instant?
    package var closedAt: Instant?
    /// Why it is closed or deferred: an id of the catalogue such as `14-5-e`, or a word such as `answered`.
    package var ground: String?
    package var because: String?
    /// `person:<account>`, `partner:<id>` or `daemon`.
    package var by: String?
    /// What only this kind carries, such as the days from which a due date was reckoned. Ids and dates.
    package var facts: [String: String] = [:]

    package init(
        _ kind: Kind, id: ConsignmentID, about consignment: ConsignmentKey, subject: String? = nil, openedAt: Instant,
        due: Instant
    ) {
        self.kind = kind
        self.id = id
        self.consignment = consignment
        self.subject = subject
        self.openedAt = openedAt
        self.due = due
    }

    package var isOpen: Bool { state != .closed }

    /// It is about an emergency.
    package var isUrgent: Bool {
        get { facts[Self.urgent] != nil }
        set { facts[Self.urgent] = newValue ? "yes" : nil }
    }
    private static let urgent = "urgent"

    /// When it needs somebody's eyes next.
    package var next: Instant { state == .deferred ? deferredUntil ?? due : due }

    /// Whether both are about the same thing: what never changes of a duty.
    package func isSame(as other: Duty) -> Bool {
        (kind, id, consignment, subject, openedAt)
            == (other.kind, other.id, other.consignment, other.subject, other.openedAt)
    }

    package mutating func close(at now: Instant, by: String, ground: String, because: String? = nil) {
        (state, closedAt, self.by, self.ground, deferredUntil) = (.closed, now, by, ground, nil)
        self.because = because ?? self.because
    }

    package func closed(at now: Instant, by: String, ground: String, because: String? = nil) -> Duty {
        var duty = self
        duty.close(at: now, by: by, ground: ground, because: because)
        return duty
    }
}

extension Duty {
    package var json: JSON {
        var members: [String: JSON] = [
            "consignment": .string(consignment.id.text), "direction": .string(consignment.direction.rawValue),
            "due": .string(due.description), "id": .string(id.text), "kind": .string(kind.rawValue),
            "openedAt": .string(openedAt.description), "partner": .string(consignment.partner.text),
            "state": .string(state.rawValue),
        ]
        let times = [("closedAt", closedAt), ("deferredUntil", deferredUntil), ("dueLegal", dueLegal)]
        for (name, time) in times { members[name] = time.map { .string($0.description) } }
        let texts = [("because", because), ("by", by), ("ground", ground), ("subject", subject)]
        for (name, text) in texts { members[name] = text.map(JSON.string) }
        if !facts.isEmpty { members["facts"] = .object(facts.mapValues(JSON.string)) }
        return .object(members)
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "duty")
        guard let kind = Kind(rawValue: try m.string("kind")), let state = State(rawValue: try m.string("state")),
            let direction = Direction(rawValue: try m.string("direction"))
        else { throw Malformed("duty", "has a word that this version does not know") }
        self.init(
            kind, id: try m.consignment("id"),
            about: ConsignmentKey(direction, try m.agency("partner"), try m.consignment("consignment")),
            subject: try m.optionalString("subject"), openedAt: try m.instant("openedAt"), due: try m.instant("due"))
        self.state = state
        (closedAt, deferredUntil) = (try Self.time("closedAt", &m), try Self.time("deferredUntil", &m))
        dueLegal = try Self.time("dueLegal", &m)
        (because, by) = (try m.optionalString("because"), try m.optionalString("by"))
        ground = try m.optionalString("ground")
        if let json = m.optional("facts") { facts = try Self.facts(json) }
        try m.end()
    }

    private static func time(_ name: String, _ m: inout JSONMembers) throws(Malformed) -> Instant? {
        guard let text = try m.optionalString(name) else { return nil }
        return try Instant(text)
    }

    /// The object of texts that `json` writes under `facts`.
    package static func facts(_ json: JSON) throws(Malformed) -> [String: String] {
        guard case .object(let members) = json else { throw Malformed("duty", "facts must be an object") }
        var facts: [String: String] = [:]
        for (name, value) in members {
            guard case .string(let text) = value else { throw Malformed("duty", "facts must be texts") }
            facts[name] = text
        }
        return facts
    }
}

/// Which duties. All given conditions must hold.
package struct DutyFilter: Hashable, Sendable {
    package var id: ConsignmentID?
    package var kinds: Set<Duty.Kind>?
    package var states: Set<Duty.State>?
    package var subject: String?
    package var partner: AgencyID?
    package var consignment: ConsignmentKey?
    /// `Duty.next` before this moment, exclusive.
    package var dueBefore: Instant?
    /// Those after this one in the order in which they are told: the next page.
    package var after: DutyPlace?

    package init() {}

    /// What is still owed.
    package static func open(_ kinds: Duty.Kind...) -> DutyFilter {
        var filter = DutyFilter()
        filter.states = [.open, .deferred]
        if !kinds.isEmpty { filter.kinds = Set(kinds) }
        return filter
    }
}

/// Where a duty stands among others: by when it is looked at next, then by its id.
package struct DutyPlace: Hashable, Sendable {
    package let next: Instant
    package let id: ConsignmentID

    package init(_ duty: Duty) { (next, id) = (duty.next, duty.id) }
}
