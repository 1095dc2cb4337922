internal import Exchange
package import Vocabulary

/// Whether we may exchange, or stand still because our ledger is not the one that partners have seen. No I/O.
///
///     checking ──► clear ◄── recovered
///        │           │           ▲
///        └───────────┴──► stopped┘
///
/// Standing still, nothing is claimed, taken in, published or signed.
package struct Standstill: Hashable, Sendable {
    package enum State: Hashable, Sendable { case checking, clear, stopped }

    /// Why we stand still, as one partner showed it: a checkpoint with our own signature.
    package struct Notice: Hashable, Sendable {
        /// The words are remembered.
        package enum What: String, Sendable {
            /// The partner has seen more events than are left here.
            case ahead
            /// The partner has seen other events than are here.
            case forked
            /// The partner has seen a later ledger of ours that this one does not know.
            case another
            /// No partner noticed; a person says that a backup was put back.
            case told
        }

        package let what: What
        /// Nil if a person said it.
        package let by: AgencyID?
        package let theirs: Int64
        package let ours: Int64
        package let at: Instant
        /// The origin of what they showed, and the whole note; empty if a person said it.
        package let origin: String
        package let note: String

        package init(
            what: What, by: AgencyID?, theirs: Int64, ours: Int64, at: Instant, origin: String, note: String
        ) {
            (self.what, self.by, self.theirs, self.ours) = (what, by, theirs, ours)
            (self.at, self.origin, self.note) = (at, origin, note)
        }
    }

    package private(set) var state: State
    package private(set) var notices: [Notice]
    /// Partners who have not said yet in this life which checkpoint of ours they hold.
    package private(set) var unasked: Set<AgencyID> = []
    /// Partners from whom what was lost is still to be fetched, and since when.
    package private(set) var owed: [AgencyID: Instant] = [:]
    /// Partners who cannot be asked what they have had.
    package private(set) var silent: Set<AgencyID> = []
    /// When a restored ledger last went on: files from before may have been sent.
    package private(set) var recoveredAt: Instant?

    /// At the start of the daemon, with what a former life remembered.
    package init(
        asking partners: Set<AgencyID>, notices: [Notice], owed: [AgencyID: Instant] = [:],
        silent: Set<AgencyID> = [], recoveredAt: Instant? = nil
    ) {
        state = notices.isEmpty ? .checking : .stopped
        unasked = partners
        (self.notices, self.owed, self.silent, self.recoveredAt) = (notices, owed, silent, recoveredAt)
    }

    /// Where nobody is asked, as in tests.
    package init() { (state, notices) = (.clear, []) }

    package mutating func answered(_ partner: AgencyID) { unasked.remove(partner) }

    package mutating func noticed(_ notice: Notice) {
        notices.removeAll { $0.by == notice.by }
        notices.append(notice)
        state = .stopped
    }

    /// All who could be asked were asked.
    package mutating func checked() { if state == .checking { state = .clear } }

    /// A person had the ledger go on under a new name.
    package mutating func recovered(at now: Instant) {
        (notices, recoveredAt, state) = ([], now, .clear)
    }

    package mutating func owe(_ partner: AgencyID, since: Instant) { owed[partner] = since }
    package mutating func fetched(_ partner: AgencyID) { owed[partner] = nil }
    package mutating func isSilent(_ partner: AgencyID) {
        owed[partner] = nil
        silent.insert(partner)
    }

    /// Whether something is to be asked of this partner before anything is exchanged with it.
    package func mustAsk(_ partner: AgencyID) -> Bool { unasked.contains(partner) || owed[partner] != nil }
}

extension Standstill.Notice {
    package var json: JSON {
        var members: [String: JSON] = [
            "at": .string(at.description), "note": .string(note), "origin": .string(origin), "ours": .integer(ours),
            "theirs": .integer(theirs), "what": .string(what.rawValue),
        ]
        members["by"] = by.map { .string($0.text) }
        return .object(members)
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "notice")
        guard let what = What(rawValue: try m.string("what")) else { throw Malformed("notice", "has an unknown word") }
        let by = try m.optionalString("by")
        self.init(
            what: what, by: by == nil ? nil : try AgencyID(by ?? ""), theirs: try m.integer("theirs"),
            ours: try m.integer("ours"), at: try m.instant("at"), origin: try m.string("origin"),
            note: try m.string("note"))
        try m.end()
    }

    /// For a person.
    package var words: String {
        let who = by?.text ?? "a person"
        let when = "\(Notes.moment(at)): "
        return switch what {
        case .ahead: when + "\(who) has seen \(theirs) events of our ledger, \(ours) are here."
        case .forked: when + "\(who) has seen other events among the first \(theirs) of our ledger (\(ours) are here)."
        case .another: when + "\(who) has seen a later ledger of ours with \(theirs) events (\(ours) are here)."
        case .told: when + "a person says that a backup was put back (\(ours) events are here)."
        }
    }
}
