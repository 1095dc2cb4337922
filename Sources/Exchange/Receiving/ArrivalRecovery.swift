internal import Folders
internal import Ledger
internal import Logging
internal import Statements
internal import Vocabulary

/// What a restart does on the receiving side: README, What is on disk when.
extension Arrivals {
    /// Publishes what was about to be, receipts what was published, and purges what nobody came back for.
    package func recover() async {
        var unfinished: Set<String> = []
        do {
            try await inbox.doubts.load(from: agency.ledger)
            for record in try await agency.ledger.publishing() {
                do { try await finish(record) } catch {
                    // Finished when its sender asks again: until then its staged file is precious.
                    unfinished.insert("\(record.key.partner)/\(record.key.id)")
                    notRecovered(error, record.key.id)
                }
            }
            try await purge(except: unfinished)
        } catch {
            notRecovered(error, nil)
        }
    }

    /// Brings back what a power cut took from beside received files.
    /// - Returns: whether nothing is owed any more.
    @discardableResult
    package func writeSideCarsAgain(after lastLife: LastLife) async -> Bool {
        guard let from = lastLife.owed.isOwed(.received) else { return true }
        guard await SideCarsAgain(agency: agency).write(from: from) else { return false }
        lastLife.owed.done(.received)
        return true
    }

    /// Finishes what stood still because a folder was missing, now that it is back: its sender may be slow to ask again.
    package func takeUpAgain() async {
        for record in (try? await agency.ledger.publishing()) ?? [] {
            let key = StagingKey(partner: record.key.partner, id: record.key.id)
            // One that is arriving is finished by its arrival.
            guard !table.isArriving(key), let ticket = await table.hold(key) else { continue }
            do {
                // By now it may have ended.
                if try await agency.ledger.record(record.key)?.state == .publishing { try await finish(record) }
            } catch {
                notRecovered(error, record.key.id)
            }
            table.leave(key, ticket)
        }
        // A disk that was away may have lost what no sync waited for.
        _ = await SideCarsAgain(agency: agency).write()
    }

    private func notRecovered(_ error: any Error, _ id: ConsignmentID?) {
        agency.log.error(
            "receiving side not recovered", metadata: ["consignment": "\(id?.text ?? "-")", "why": "\(error)"])
        switch error {
        // Its alarm stands already, and it goes on by itself.
        case is PlaceMissing: break
        // Its sender brings it again.
        case StagingTrouble.notSeen: break
        default:
            agency.alarms.alarm("recovery", "The receiving side could not be recovered: \(error)")
        }
    }

    func finish(_ record: ConsignmentRecord) async throws {
        guard let signed = try await agency.ledger.statement(.publishing, of: record.key) else { return }
        let opened = try OpenedWaybill.resume(signed)
        let published = try await inbox.resume(record, opened)
        for receipt in await receipts.write([.success(published)]) { _ = try receipt.get() }
        agency.alarms.alarm("inbox", nil)
        agency.log.info("received", metadata: ["consignment": "\(record.key.id)", "partner": "\(record.key.partner)"])
    }

    /// Staged files without a mark are worthless, marked ones are kept for a week.
    /// Also done once an hour: what arrives just now, and what is about to be published, is left alone.
    package func purge() async throws {
        let publishing = try await agency.ledger.publishing().map(\.key)
        let active = table.active
        try await purge(
            except: Set(publishing.map { "\($0.partner)/\($0.id)" } + active.map { "\($0.partner)/\($0.id)" }))
    }

    private func purge(except unfinished: Set<String>) async throws {
        let marks = try await keptMarks()
        await count(marks)
        let kept = unfinished.union(marks.map { "\($0.key.partner)/\($0.key.id)" })
        for partner in agency.partners.all {
            do { try await purge(partner.id, except: kept) } catch let missing as PlaceMissing {
                // Nothing is purged where it is not sure that it is ours; others' staging is.
                agency.log.notice("staging not purged", metadata: ["partner": "\(partner.id)", "why": "\(missing)"])
            }
        }
    }

    /// Those that are younger than a week, or all while our clock is in doubt. One that bears a time to come was set by a
    /// wrong clock: its week begins now.
    private func keptMarks() async throws -> [StagingMark] {
        let marks = try await agency.ledger.stagingMarks()
        guard agency.clock.ours.mayForget else { return marks }
        let now = agency.clock.now()
        let oldest = now.adding(seconds: -Int64(agency.rules.stagingRetention))
        for mark in marks where mark.at < oldest { try await agency.ledger.clearStagingMark(mark.key) }
        for mark in marks where mark.at > now.adding(seconds: 3600) {
            try await agency.ledger.setStagingMark(
                StagingMark(key: mark.key, waybill: mark.waybill, next: mark.next, at: now))
        }
        return marks.filter { $0.at >= oldest }
    }

    /// Whatever is kept counts for its partner; that which a former life left is cut to its size, too.
    private func count(_ marks: [StagingMark]) async {
        let keys = Set(marks.map { StagingKey(partner: $0.key.partner, id: $0.key.id) })
        table.forgetResting(besides: keys)
        let layout = agency.layout
        for key in keys where !table.isCounted(key) {
            let bytes = try? await Blocking.run { () -> Int64? in
                let folder = try layout.existing(.inbox, [key.partner.text, Layout.staging])
                guard let folder, let facts = try folder.lookup(Names.staged(key.id)) else { return nil }
                try FileHandle(Names.staged(key.id), in: folder, .readWrite).truncate(to: facts.size)
                return facts.size
            }
            if let bytes { table.adopt(key, bytes: bytes) }
        }
    }

    private func purge(_ partner: AgencyID, except kept: Set<String>) async throws {
        let layout = agency.layout
        let (folder, names) = try await Blocking.run {
            let folder = try layout.staging(partner)
            return (folder, try folder.entries().filter { !kept.contains("\(partner)/\($0.text ?? "")") })
        }
        for name in names where try await !isSpokenOf(name, from: partner) {
            try await Blocking.run {
                try layout.confirm(.inbox, [partner.text])
                if try folder.lookup(name) != nil { try folder.remove(name) }
            }
        }
    }

    /// A staged file for which we have signed, or are about to, may be the only copy: a person must look.
    private func isSpokenOf(_ name: FileName, from partner: AgencyID) async throws -> Bool {
        guard let id = name.text.flatMap({ try? ConsignmentID($0) }),
            let record = try await agency.ledger.record(ConsignmentKey(.received, partner, id)),
            [.publishing, .delivered].contains(record.state)
        else { return false }
        agency.alarms.alarm(
            "staged/\(id)",
            "We have signed for \(id) of \(partner), and its file still lies in .staging/ there. Keep it: see whether it is in "
                + "the inbox too, else put it there. waybill ledger show \(id)")
        return true
    }
}
