internal import Envelope
internal import Folders
internal import Law
internal import Ledger
internal import Policy
internal import Synchronization
package import Vocabulary

/// A file that stands in the inbox under a name that nobody else had, for good.
package struct PublishedFile: Sendable {
    package let waybill: Waybill
    /// SHA-256 of the waybill JSON.
    package let digest: Digest
    package let at: Instant
    let record: ConsignmentRecord

    fileprivate init(waybill: Waybill, digest: Digest, at: Instant, record: ConsignmentRecord) {
        self.waybill = waybill
        self.digest = digest
        self.at = at
        self.record = record
    }
}

/// Brings staged files into the inbox: side-car, intent, rename, folder sync.
struct Inbox: Sendable {
    let agency: Agency
    let doubts: Doubts
    let syncs: FolderSyncs
    let taken: TakenNames

    init(_ agency: Agency, _ doubts: Doubts) {
        (self.agency, self.doubts) = (agency, doubts)
        syncs = FolderSyncs()
        taken = TakenNames()
    }

    func publish(_ staged: StagedFile) async throws -> PublishedFile {
        let opened = staged.admitted.opened
        let isKnown = agency.law.knows(opened.waybill.label.route, between: staged.key.partner, agency.us.id)
        let route = try InboxPlace("", route: opened.waybill.label.route, isKnown: isKnown).folder
        let now = agency.clock.now()
        var record = Self.record(opened, staged, at: now)
        record.regime =
            agency.law.regime(
                receiving: opened.waybill.label, from: staged.key.partner, we: agency.us.id, at: now
            ).rawValue
        let sideCar = Self.sideCar(opened, staged.admitted.warnings, at: now)
        let (folder, waybills, first) = try await Blocking.run { [self] in
            let folder = try agency.layout.inbox(staged.key.partner, route)
            try requireOnePlace(staged.key, route)
            return (folder, try write(sideCar, opened.waybill), try reserve(opened, in: folder))
        }
        try await sync(sideCars: waybills)
        var name = first
        while true {
            record.place = try InboxPlace(name, route: record.route, isKnown: isKnown).text
            try await commitIntent(record, opened, at: now)
            if try await move(staged.key, from: staged.folder, to: folder, as: name) { break }
            name = try await Blocking.run { [self] in try reserve(opened, in: folder) }
        }
        try await settle(folder, record.key)
        CrashPoint.afterInboxSync.pass()
        return PublishedFile(waybill: opened.waybill, digest: opened.digest, at: now, record: record)
    }

    /// After a restart: the ledger says `publishing`. If the staged file is still there, it is published now; if it is
    /// gone, it was published, even if a person has taken it already.
    ///
    /// That is so on the file system only on which the intent was committed, and if what was written there was kept: the
    /// place is looked at now, and a row in doubt (`Doubts`) must be seen. What is seen is put back and published anew, so
    /// that its name is written again: a second sync of the same names would succeed with nothing on the disk.
    ///
    /// - Throws: `PlaceMissing`; `StagingTrouble.notSeen` if it must come again.
    func resume(_ record: ConsignmentRecord, _ opened: OpenedWaybill) async throws -> PublishedFile {
        let key = StagingKey(partner: record.key.partner, id: record.key.id)
        let layout = agency.layout
        let isKnown = agency.law.knows(record.route, between: key.partner, agency.us.id)
        let place =
            try InboxPlace(record)
            ?? InboxPlace(
                SafeName.forInbox(opened.waybill.file.name), route: record.route, isKnown: isKnown)
        let route = place.folder
        let (folder, staging) = try await Blocking.run {
            for part in [Layout.staging, route.text] { try layout.confirm(.inbox, [key.partner.text, part]) }
            return (try layout.inbox(key.partner, route), try layout.staging(key.partner))
        }
        try requireOnePlace(key, route)
        let now = agency.clock.now()
        var record = record
        let doubt = doubts[record.key]
        if doubt != nil, try await putBack(record, from: folder, to: staging) { CrashPoint.afterPutBack.pass() }
        let staged = try staging.lookup(Names.staged(key.id))
        let isOurs = staged?.isMarked(record.inode) ?? false
        if !isOurs, let doubt {
            // Seen by this life and taken since, or not to be seen at all; or half of it is staged anew.
            guard case .seenThere(layout.generation) = doubt, staged == nil else { throw StagingTrouble.notSeen }
        }
        // Another file under that id is nothing that we verified: a person must look, and nothing is signed.
        guard isOurs || staged == nil else { throw StagingTrouble.notTheOneCommitted }
        try await writeSideCar(opened, [], at: now)
        guard isOurs else {
            // What a reader took away needs no sync any more.
            if doubt == nil { try await sync(folder, record.key) }
            try await doubts.settle(record.key, in: agency.ledger)
            return PublishedFile(waybill: opened.waybill, digest: opened.digest, at: now, record: record)
        }
        var name = place.name
        if doubt != nil { try await commitIntent(record, opened, at: now) }
        while try await !move(key, from: staging, to: folder, as: name) {
            name = try reserve(opened, in: folder)
            record.place = try InboxPlace(name, route: record.route, isKnown: route == record.route).text
            try await commitIntent(record, opened, at: now)
        }
        if doubt != nil { try await sync(staging, record.key) }
        try await settle(folder, record.key)
        return PublishedFile(waybill: opened.waybill, digest: opened.digest, at: now, record: record)
    }

    /// A mount between the two would make the rename impossible after the intent was committed.
    private func requireOnePlace(_ key: StagingKey, _ route: RouteName) throws {
        guard agency.layout.canPublish(key.partner, route) else {
            throw PlaceMissing(
                place: "inbox/\(key.partner)/\(route)", path: "\(agency.layout.inbox)/\(key.partner)/\(route)",
                why: .apart)
        }
    }

    /// What was published and may not have been kept goes back to staging, if it is still what we published.
    private func putBack(_ record: ConsignmentRecord, from folder: Folder, to staging: Folder) async throws -> Bool {
        guard let place = InboxPlace(record) else { return false }
        return try await Blocking.run {
            let (name, staged) = (try Names.file(place.name), try Names.staged(record.key.id))
            guard try folder.lookup(name)?.isMarked(record.inode) == true else { return false }
            // Half of another attempt is worth less than the whole file.
            if let half = try staging.lookup(staged), !half.isMarked(record.inode) { try staging.remove(staged) }
            try folder.rename(name, to: staging, as: staged, .noReplace)
            return true
        }
    }

    /// The name is on the disk when this returns, and nothing is in doubt any more. If the sync fails, the row is.
    private func settle(_ folder: Folder, _ key: ConsignmentKey) async throws {
        try await sync(folder, key)
        try await doubts.settle(key, in: agency.ledger)
    }

    private func sync(_ folder: Folder, _ key: ConsignmentKey) async throws {
        do { try await syncs.sync(folder) } catch {
            try await doubts.raise(
                .seenThere(generation: agency.layout.generation), of: key, in: agency.ledger)
            throw error
        }
    }

    private func commitIntent(_ record: ConsignmentRecord, _ opened: OpenedWaybill, at now: Instant) async throws {
        let detail = EventDetail(
            [
                "inode": .string(record.inode ?? ""), "name": .string(record.place ?? ""),
                "sha256": .string(opened.waybill.file.sha256.hex), "size": .integer(opened.waybill.file.size),
                "waybill": .string(opened.digest.hex),
            ], statement: opened.signed)
        CrashPoint.beforePublishingCommit.pass()
        try await agency.ledger.append([Records.event(.publishing, record, detail, at: now, carriesRecord: true)])
        CrashPoint.afterPublishingCommit.pass()
    }

    /// False if somebody put a file of that name there since it was reserved.
    private func move(_ key: StagingKey, from staging: Folder, to folder: Folder, as name: String) async throws -> Bool
    {
        try await Blocking.run {
            do {
                try staging.rename(Names.staged(key.id), to: folder, as: Names.file(name), .noReplace)
            } catch let trouble as FileTrouble where trouble.reason == .exists {
                return false
            }
            CrashPoint.afterPublishRename.pass()
            return true
        }
    }

    private func reserve(_ opened: OpenedWaybill, in folder: Folder) throws -> String {
        try taken.reserve(SafeName.forInbox(opened.waybill.file.name), in: folder)
    }

    private func writeSideCar(_ opened: OpenedWaybill, _ warnings: [Finding], at now: Instant) async throws {
        let text = Self.sideCar(opened, warnings, at: now)
        try await sync(sideCars: Blocking.run { [self] in try write(text, opened.waybill) })
    }

    private func sync(sideCars folder: Folder) async throws {
        try await syncs.sync(folder)
        CrashPoint.afterWaybillJSON.pass()
    }

    private func write(_ sideCar: [UInt8], _ waybill: Waybill) throws -> Folder {
        let folder = try agency.layout.waybills(waybill.parties.from)
        try DurableFile.write(sideCar, to: folder, Names.file("\(waybill.id).json"), mode: 0o640, .contentSynced)
        return folder
    }

    /// `.waybills/ID.json`: what the recipient should know about the file, beside it and in one place.
    private static func sideCar(_ opened: OpenedWaybill, _ warnings: [Finding], at now: Instant) -> [UInt8] {
        let waybill = opened.waybill
        var members: [String: JSON] = [
            "consignment": .string(waybill.id.text), "from": .string(waybill.parties.from.text),
            "label": waybill.label.json, "mediaType": .string(waybill.file.mediaType),
            "name": .string(waybill.file.name), "receivedAt": .string(now.description),
            "sha256": .string(waybill.file.sha256.hex), "signedAt": .string(waybill.signedAt.description),
            "size": .integer(waybill.file.size), "submittedBy": .string(waybill.submittedBy),
            "warnings": .array(warnings.map(\.json)),
        ]
        members["modified"] = waybill.file.modified.map { .string($0.description) }
        members["supersedes"] = waybill.supersedes.map { .string($0.text) }
        return JSON.object(members).encoded + [0x0a]
    }

    private static func record(_ opened: OpenedWaybill, _ staged: StagedFile, at now: Instant) -> ConsignmentRecord {
        let waybill = opened.waybill
        var record = ConsignmentRecord(
            key: ConsignmentKey(.received, waybill.parties.from, waybill.id), state: .publishing,
            route: waybill.label.route, name: waybill.file.name, size: waybill.file.size,
            sha256: waybill.file.sha256, waybill: opened.digest, claimedAt: now, sentAt: waybill.signedAt,
            inode: staged.facts.mark)
        record.apply(waybill.label)
        record.supersedes = waybill.supersedes
        return record
    }
}

/// Names that are taken in each inbox folder, by clash key, so that no two differ in case or composition only (the
/// readers' Windows machines would see one file).
final class TakenNames: Sendable {
    /// A number for each name that clashes with no other: 64 bits of a hash that is another in each process. Two that meet
    /// by chance cost a look at the folder and a number in a name.
    private let folders = Mutex<[Folder.Identity: Set<Int>]>([:])

    /// A free name near `wished`, taken by this call. Looks at the folder itself before it numbers a name, because
    /// readers take files away.
    func reserve(_ wished: String, in folder: Folder) throws -> String {
        let id = try folder.identity()
        if folders.withLock({ $0[id]?.insert(Self.key(wished)).inserted == true }) { return wished }
        let there = Set(try folder.entries().compactMap(\.text).map(Self.key))
        return folders.withLock { folders in
            var taken = there
            var name = wished
            var number = 2
            while !taken.insert(Self.key(name)).inserted {
                name = SafeName.numbered(wished, number)
                number += 1
            }
            folders[id] = taken
            return name
        }
    }

    private static func key(_ name: String) -> Int { SafeName.clashKey(name).hashValue }
}
