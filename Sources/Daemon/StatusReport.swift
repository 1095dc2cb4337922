internal import Exchange
internal import Ledger
internal import Premises
internal import Statements
internal import Transport
internal import Vocabulary

/// What `waybill status` shows while the daemon runs: what waits, is held, is on its way, is stuck and why, and when it
/// is tried next.
package struct StatusReport: Sendable {
    private let wiring: Wiring

    init(_ wiring: Wiring) { self.wiring = wiring }

    var json: JSON {
        get async {
            var alarms = wiring.agency.alarms.current.merging(wiring.expiries) { $1 }
            var report: [String: JSON] = [
                "agency": .string(wiring.agency.us.id.text),
                "outbox": .object(wiring.agency.alarms.waiting.mapValues { .integer(Int64($0)) }),
                "outboxTroubles": .array(wiring.agency.alarms.troubles.map(Self.json)),
                "partners": .array(await partners()),
            ]
            do {
                let duties = try await StatusFacts.owed { try await wiring.agency.ledger.duties($0, limit: 10_000) }
                report["duties"] = StatusFacts.json(duties, at: wiring.agency.clock.now())
                alarms.merge(StatusFacts.overdue(duties, at: wiring.agency.clock.now())) { $1 }
            } catch {
                alarms["ledger/unread"] =
                    "What is owed is not known: the ledger could not be read (\(LedgerTrouble.words(of: error))). Ask again in a "
                    + "minute; if it stays, ring whoever looks after this machine."
            }
            report["weighing"] = .array(wiring.sending.weighings.lines.map(Self.json))
            alarms.merge(await UrgentHeld(wiring.agency).alarms()) { first, held in "\(first) \(held)" }
            report["alarms"] = .object(alarms.mapValues(JSON.string))
            if let counts = try? await wiring.agency.ledger.counts() { report["counts"] = StatusFacts.json(counts) }
            return .object(report)
        }
    }

    private func partners() async -> [JSON] {
        let underway = wiring.sending.underway
        return wiring.agency.partners.all.map { partner in
            let mine = underway.first { $0.partner == partner.id }
            return .object([
                "away": .bool(mine?.isAway ?? false), "holds": holds(partner.id), "id": .string(partner.id.text),
                "name": .string(partner.card.name),
                "underway": .array((mine?.items ?? []).prefix(1000).map(Self.json)),
            ])
        }
    }

    /// What a partner takes of this machine: bytes in memory and on the disk, connections, consignments that come in, and
    /// what it has added to the ledger in this hour.
    private func holds(_ partner: AgencyID) -> JSON {
        let budget = wiring.agency.budget
        func sum(_ shares: Budget.Share...) -> JSON {
            .integer(shares.reduce(0) { $0 + budget.held($1, by: .partner(partner)) })
        }
        let entries = budget.spent(.ledgerBytes, by: partner, at: wiring.agency.clock.now())
        return .object([
            "arrivals": sum(.arrivals), "connections": sum(.connections), "ledgerBytes": .integer(entries),
            "memory": sum(
                .unread, .waybills, .parts, .urgentWaybills, .urgentParts, .ownUrgentWaybills, .ownUrgentParts),
            "resting": sum(.resting),
            "staged": sum(.staged, .urgentStaged),
        ])
    }

    private static func json(_ item: Underway) -> JSON {
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

    private static func json(_ line: Weighings.Line) -> JSON {
        .object([
            "done": .integer(line.done), "name": .string(line.name), "partner": .string(line.partner.text),
            "route": .string(line.route.text), "size": .integer(line.size),
        ])
    }

    private static func json(_ trouble: Alarms.Trouble) -> JSON {
        .object([
            "folder": .string(trouble.folder), "name": .string(trouble.name),
            "partner": .string(trouble.partner?.text ?? ""), "route": .string(trouble.route?.text ?? ""),
            "why": .string(trouble.why),
        ])
    }
}
