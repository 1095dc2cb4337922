internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Settings
package import Vocabulary

/// How things stand by the ledger alone, in the shape in which the daemon tells it.
package struct LedgerStatus {
    private let premises: InstalledAgency

    package init(_ premises: InstalledAgency) { self.premises = premises }

    package func report(at now: Instant) async throws -> [String: JSON] {
        var report: [String: JSON] = ["agency": .string(premises.settings.agency.text)]
        if try isNew() {
            report["counts"] = .object([:])
            report["duties"] = .object([:])
            return report
        }
        let reader = try LedgerAtHand(premises).reader
        report["counts"] = StatusFacts.json(try await reader.counts())
        let duties = try await StatusFacts.owed { try await reader.duties($0, limit: 10_000) }
        report["duties"] = StatusFacts.json(duties, at: now)
        var alarms = StatusFacts.overdue(duties, at: now)
        alarms["ledger/changed"] = ChangedLedger.alarms(beside: premises.folders.ledger).last
        report["alarms"] = .object(alarms.mapValues(JSON.string))
        report["partners"] = .array(try await partners(reader))
        return report
    }

    /// Whether no ledger was ever made here. One that may not be looked at, or is gone, is no such: nobody can say what is
    /// owed by it.
    private func isNew() throws -> Bool {
        if FileSystem.exists(premises.folders.ledger) { return false }
        if let missing = try LedgerDoor(premises).missing { throw missing }
        let (folder, file) = InstalledAgency.split(premises.folders.ledger)
        return try FileName(file).map { try Folder(folder).lookup($0) == nil } ?? false
    }

    private func partners(_ reader: LedgerReader) async throws -> [JSON] {
        var filter = LedgerFilter()
        filter.direction = .sent
        filter.states = [.claimed, .signed, .dispatching]
        let open = try await reader.list(filter, after: nil, limit: 1000)
        let attempts = Dictionary(try await reader.attempts().map { ($0.key, $0) }) { $1 }
        return Dictionary(grouping: open, by: \.key.partner).sorted { $0.key < $1.key }.map { partner, records in
            .object([
                "id": .string(partner.text), "underway": .array(records.map { Self.json($0, attempts[$0.key]) }),
            ])
        }
    }

    private static func json(_ record: ConsignmentRecord, _ attempt: Attempt?) -> JSON {
        var members: [String: JSON] = [
            "attempts": .integer(Int64(attempt?.count ?? 0)), "id": .string(record.key.id.text),
            "route": .string(record.route.text), "size": .integer(record.size),
        ]
        members["name"] = record.name.map(JSON.string)
        members["since"] = record.claimedAt.map { .string($0.description) }
        members["why"] = attempt.map { .string($0.why) }
        members["nextTry"] = attempt.map { .string($0.nextAt.description) }
        return .object(members)
    }
}
