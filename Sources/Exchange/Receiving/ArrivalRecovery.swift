internal import Folders
internal import Ledger
internal import Logging
internal import Vocabulary

/// What a restart does on the receiving side: the second table of `durability.md`.
extension Arrivals {
    /// Publishes what was about to be, receipts what was published, and purges what nobody came back for.
    package func recover() async {
        var filter = LedgerFilter()
        filter.direction = .received
        filter.states = [.publishing]
        var unfinished: Set<String> = []
        do {
            for record in try await office.ledger.list(filter, after: nil, limit: 10_000) {
                do { try await finish(record) } catch {
                    // Finished when its sender asks again: until then its staged file is precious.
                    unfinished.insert("\(record.key.partner)/\(record.key.id)")
                    notRecovered(error)
                }
            }
            try await purge(except: unfinished)
        } catch {
            notRecovered(error)
        }
        office.barrier.openToArrivals()
    }

    private func notRecovered(_ error: any Error) {
        office.log.error("receiving side not recovered", metadata: ["why": "\(error)"])
        office.standing.alarm("recovery", "The receiving side could not be recovered: \(error)")
    }

    func finish(_ record: ConsignmentRecord) async throws {
        guard let signed = try await office.ledger.statement(.publishing, of: record.key) else { return }
        let opened = try OpenedWaybill.resume(signed)
        let published = try await inbox.resume(record, opened)
        _ = try await receipts.write(published)
        office.log.info("received", metadata: ["consignment": "\(record.key.id)", "partner": "\(record.key.partner)"])
    }

    /// Staged files without a mark are worthless, marked ones are kept for a week.
    /// Also done once an hour: what arrives just now, and what is about to be published, is left alone.
    package func purge() async throws {
        var filter = LedgerFilter()
        filter.direction = .received
        filter.states = [.publishing]
        let publishing = try await office.ledger.list(filter, after: nil, limit: 10_000).map(\.key)
        let active = await table.active
        try await purge(
            except: Set(publishing.map { "\($0.partner)/\($0.id)" } + active.map { "\($0.partner)/\($0.id)" }))
    }

    private func purge(except unfinished: Set<String>) async throws {
        let marks = try await keptMarks()
        let kept = unfinished.union(marks.map { "\($0.key.partner)/\($0.key.id)" })
        for partner in office.partners.all {
            let folder = try office.layout.staging(partner.id)
            try await Blocking.run {
                for name in try folder.entries() where !kept.contains("\(partner.id)/\(name.text ?? "")") {
                    try folder.remove(name)
                }
            }
        }
    }

    /// Those that are younger than a week, or all while our clock is in doubt. One that bears a time to come was set by a
    /// wrong clock: its week begins now.
    private func keptMarks() async throws -> [StagingMark] {
        let marks = try await office.ledger.stagingMarks()
        guard office.clock.mayForget else { return marks }
        let now = office.now()
        let oldest = now.adding(seconds: -Int64(office.rules.stagingRetention))
        for mark in marks where mark.at < oldest { try await office.ledger.clearStagingMark(mark.key) }
        for mark in marks where mark.at > now.adding(seconds: 3600) {
            try await office.ledger.setStagingMark(
                StagingMark(key: mark.key, waybill: mark.waybill, next: mark.next, at: now))
        }
        return marks.filter { $0.at >= oldest }
    }
}
