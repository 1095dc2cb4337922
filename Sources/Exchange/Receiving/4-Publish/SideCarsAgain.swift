internal import Folders
internal import Ledger
internal import Logging
internal import Vocabulary

/// Side-cars of what was received are not synced one by one: they can be written again. After a start of the machine, and
/// when a place is there again that was away, this does so for what was received in the last five minutes before.
///
/// The name of a side-car is on the disk before its file is published. One that is broken is written again whether or not a
/// reader has taken the file. One that is missing is not written where the file is gone: it would say that somebody collected
/// what we removed. What was taken out of the ledger since has no waybill there any more.
struct SideCarsAgain: Sendable {
    let agency: Agency
    private static let page = 200

    /// - Parameter known: an earlier moment than the ledger's last, if one is known.
    /// - Returns: whether each could be looked at.
    func write(from known: Instant? = nil) async -> Bool {
        var filter = LedgerFilter()
        (filter.direction, filter.states) = (.received, [.delivered])
        do {
            guard let newest = try await agency.ledger.list(filter, after: nil, limit: 1).first?.claimedAt else {
                return true
            }
            filter.since = min(known ?? newest, newest.adding(seconds: -NotesOwed.window))
            return try await write(filter)
        } catch {
            agency.log.notice("side-cars not looked at", metadata: ["why": "\(error)"])
            return false
        }
    }

    private func write(_ filter: LedgerFilter) async throws -> Bool {
        var (count, trouble, last) = (0, nil as (any Error)?, nil as ConsignmentKey?)
        repeat {
            let rows = try await agency.ledger.list(filter, after: last, limit: Self.page)
            for row in rows {
                do { count += try await write(row) ? 1 : 0 } catch { trouble = error }
            }
            last = rows.count == Self.page ? rows.last?.key : nil
        } while last != nil
        if count > 0 { agency.log.notice("side-cars written again", metadata: ["files": "\(count)"]) }
        if let trouble { agency.log.notice("side-cars not looked at", metadata: ["why": "\(trouble)"]) }
        return trouble == nil
    }

    /// False if it is whole, or none is wanted.
    private func write(_ record: ConsignmentRecord) async throws -> Bool {
        guard let place = PublishedPlace(record), let received = record.claimedAt else { return false }
        let layout = agency.layout
        guard try await Blocking.run({ try Self.lacks(record, place, layout) }),
            let signed = try await agency.ledger.statement(.publishing, of: record.key)
        else { return false }
        let opened = try OpenedWaybill.resume(signed)
        let admitted = AdmittedWaybill.again(opened, law: agency.law, we: agency.us.id, at: received)
        let text = Inbox.sideCar(opened, admitted.warnings, at: received)
        return try await Blocking.run {
            // A person may have removed both meanwhile.
            guard try Self.lacks(record, place, layout) else { return false }
            let folder = try layout.waybills(record.key.partner)
            try DurableFile.write(text, to: folder, Names.file("\(record.key.id).json"), mode: 0o640)
            return true
        }
    }

    private static func lacks(_ record: ConsignmentRecord, _ place: PublishedPlace, _ layout: Layout) throws -> Bool {
        // No folder is made for a partner who was removed with his.
        let folder = try layout.existing(.inbox, [record.key.partner.text, Layout.sideCars])
        let name = try Names.file("\(record.key.id).json")
        guard let folder, let facts = try folder.lookup(name) else {
            return try place.holds(layout.existing(.inbox, place.folder.parts)?.lookup(place.name))
        }
        return facts.kind == .regular && !isWhole(name, in: folder)
    }

    /// A disk that lost its end holds nothing, or what does not end.
    private static func isWhole(_ name: FileName, in folder: Folder) -> Bool {
        guard let bytes = try? DurableFile.read(name, in: folder, atMost: 1 << 20), bytes.last == 0x0a else {
            return false
        }
        return (try? JSON(kept: Array(bytes.dropLast()))) != nil
    }
}
