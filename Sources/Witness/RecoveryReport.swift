internal import Exchange
internal import Ledger
package import Vocabulary

/// The new name of a restored ledger, and what its event says of the gap.
package struct Epoch: Sendable {
    package let origin: String
    package let since: Instant
    /// Events that a partner has seen and that are not here; nil if nobody can say.
    package let gap: Int64?

    init(_ detail: EventDetail) throws(Malformed) {
        guard case .object(let facts) = detail.facts, case .string(let origin)? = facts["origin"],
            case .string(let since)? = facts["since"]
        else { throw Malformed("epoch", "does not say where it begins") }
        self.origin = origin
        self.since = try Instant(since)
        if case .integer(let gap)? = facts["gap"] { self.gap = gap } else { gap = nil }
    }
}

/// How much one partner gave back.
package struct RegainedCount: Sendable {
    package let partner: AgencyID
    package internal(set) var sent = 0
    package internal(set) var received = 0
    package internal(set) var known = 0
    /// Statements that did not verify or did not fit.
    package internal(set) var refused = 0
    /// Signed for by us, and neither in the inbox nor noted there.
    package internal(set) var missing: [ConsignmentID] = []

    init(partner: AgencyID) { self.partner = partner }

    mutating func add(_ outcome: RecoveredRows.Outcome, _ direction: Direction) {
        switch (outcome, direction) {
        case (.new, .sent), (.ended, .sent): sent += 1
        case (.new, .received), (.ended, .received): received += 1
        case (.known, _): known += 1
        case (.contradicted, _): refused += 1
        }
    }
}

/// What `waybill recover` came to.
package struct RecoveryReport: Sendable {
    package let epoch: Epoch
    package private(set) var counts: [RegainedCount] = []
    /// Why, by partner; fetched when they come back.
    package internal(set) var unreached: [AgencyID: String] = [:]
    /// Their road carries no questions.
    package internal(set) var silent: [AgencyID] = []

    init(_ epoch: Epoch) { self.epoch = epoch }

    mutating func add(_ count: RegainedCount) { counts.append(count) }

    package var json: [String: JSON] {
        var members: [String: JSON] = [
            "origin": .string(epoch.origin), "partners": .array(counts.map(\.json)),
            "silent": .array(silent.map { .string($0.text) }), "since": .string(epoch.since.description),
            "unreached": .object(
                Dictionary(uniqueKeysWithValues: unreached.map { ($0.key.text, JSON.string($0.value)) })),
        ]
        members["gap"] = epoch.gap.map(JSON.integer)
        return members
    }
}

extension RegainedCount {
    fileprivate var json: JSON {
        .object([
            "known": .integer(Int64(known)), "missing": .array(missing.prefix(1000).map { .string($0.text) }),
            "partner": .string(partner.text), "received": .integer(Int64(received)),
            "refused": .integer(Int64(refused)), "sent": .integer(Int64(sent)),
        ])
    }
}
