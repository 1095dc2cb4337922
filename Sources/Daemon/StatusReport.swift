internal import Exchange
internal import Ledger
internal import Vocabulary

/// What `waybill status` shows while the daemon runs: what waits, is held, is on its way, is stuck and why, and when it
/// is tried next.
struct StatusReport: Sendable {
    private let wiring: Wiring

    init(_ wiring: Wiring) { self.wiring = wiring }

    var json: JSON {
        get async {
            let standing = wiring.office.standing
            var report: [String: JSON] = [
                "agency": .string(wiring.office.agency.text),
                "alarms": .object(standing.alarms.mapValues(JSON.string)),
                "outboxTroubles": .array(standing.troubles.map(Self.json)),
                "partners": .array(await partners()),
            ]
            if let counts = try? await wiring.office.ledger.counts() { report["counts"] = Self.json(counts) }
            return .object(report)
        }
    }

    private func partners() async -> [JSON] {
        let underway = await wiring.sending.underway
        return wiring.office.partners.all.map { partner in
            let mine = underway.first { $0.partner == partner.id }
            return .object([
                "away": .bool(mine?.isAway ?? false), "id": .string(partner.id.text),
                "name": .string(partner.card.name),
                "underway": .array((mine?.items ?? []).prefix(1000).map(Self.json)),
            ])
        }
    }

    private static func json(_ item: Dispatcher.Underway) -> JSON {
        var members: [String: JSON] = [
            "attempts": .integer(Int64(item.attempts)), "id": .string(item.waybill.id.text),
            "name": .string(item.waybill.waybill.file.name), "route": .string(item.waybill.waybill.label.route.text),
            "since": .string(item.waybill.weighed.claimed.claimedAt.description),
            "size": .integer(item.waybill.waybill.file.size),
        ]
        members["why"] = item.why.map(JSON.string)
        members["nextTry"] = item.nextAt.map { .string($0.description) }
        return .object(members)
    }

    private static func json(_ trouble: Standing.Trouble) -> JSON {
        .object([
            "name": .string(trouble.name), "partner": .string(trouble.partner.text),
            "route": .string(trouble.route.text),
            "why": .string(trouble.why),
        ])
    }

    private static func json(_ counts: [Direction: [ConsignmentState: Int]]) -> JSON {
        .object(
            Dictionary(
                uniqueKeysWithValues: counts.map { direction, states in
                    let members = states.map { ($0.key.rawValue, JSON.integer(Int64($0.value))) }
                    return (direction.rawValue, .object(Dictionary(uniqueKeysWithValues: members)))
                }))
    }
}
