internal import Envelope
internal import Folders
internal import Law
internal import Ledger
internal import Policy
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
    private let disks = KnownDisks()

    init(_ agency: Agency, _ doubts: Doubts) {
        (self.agency, self.doubts) = (agency, doubts)
        syncs = FolderSyncs()
        taken = TakenNames()
    }

    /// What is about to stand in the inbox, and under which name.
    private struct Intent: Sendable {
        let staged: StagedFile
        let at: Instant
        let isKnown: Bool
        let route: RouteName
        let folder: Folder
        var record: ConsignmentRecord
        var name = ""
        /// Where the side-car lies.
        var sideCars: Folder?

        var opened: OpenedWaybill { staged.admitted.opened }
        var published: PublishedFile {
            PublishedFile(waybill: opened.waybill, digest: opened.digest, at: at, record: record)
        }
    }

    private typealias Intents = [Result<Intent, any Error>]

    /// All in one commit and one sync of each folder.
    /// - Returns: one for each, in their order.
    func publish(_ all: [StagedFile]) async -> [Result<PublishedFile, any Error>] {
        let now = agency.clock.now()
        let intents = await inOneJob(all) { [self] one, given in
            var intent = try named(intent(one, at: now), &given)
            intent.sideCars = try write(one.admitted, at: now)
            return intent
        }
        let published = await intents.then(syncSideCars).then(name).then(settle)
        if published.contains(where: \.isSuccess) { CrashPoint.afterInboxSync.pass() }
        return published.map { $0.map(\.published) }
    }

    private func intent(_ staged: StagedFile, at now: Instant) throws -> Intent {
        let (opened, partner) = (staged.admitted.opened, staged.key.partner)
        let isKnown = agency.law.knows(opened.waybill.label.route, between: partner, agency.us.id)
        let route = try InboxPlace("", route: opened.waybill.label.route, isKnown: isKnown).folder
        var record = Self.record(opened, staged, at: now)
        record.regime =
            agency.law.regime(receiving: opened.waybill.label, from: partner, we: agency.us.id, at: now).rawValue
        let folder = try agency.layout.inbox(partner, route)
        try requireOnePlace(staged.key, route)
        return Intent(staged: staged, at: now, isKnown: isKnown, route: route, folder: folder, record: record)
    }

    private func named(_ intent: Intent, _ given: inout TakenNames.Given) throws -> Intent {
        var intent = intent
        intent.name = try reserve(intent.opened, in: intent.folder, &given)
        intent.record.place = try InboxPlace(intent.name, route: intent.record.route, isKnown: intent.isKnown).text
        return intent
    }

    /// Their names are to be on the disk before their files: by them it is known who took a file.
    private func syncSideCars(_ intents: [Intent]) async -> Intents {
        do {
            if let folder = intents.first?.sideCars { try await sync(sideCars: folder) }
            return intents.map(Result.success)
        } catch {
            return intents.map { _ in .failure(error) }
        }
    }

    private func sync(sideCars folder: Folder) async throws {
        try await syncs.sync(folder)
        CrashPoint.afterWaybillJSON.pass()
    }

    /// One commit of all intents, then all renames in one job. Whose name was taken since is given another, under a second
    /// intent.
    private func name(_ intents: [Intent]) async -> Intents {
        await commit(intents).then { kept in
            let moved = await inOneJob(kept) { [self] one, _ in
                try moveNow(one.staged.key, from: one.staged.folder, to: one.folder, as: one.name)
            }
            let again = zip(kept, moved).filter { (try? $1.get()) == false }.map(\.0)
            var renamed =
                again.isEmpty
                ? [] : await inOneJob(again) { [self] one, given in try named(one, &given) }.then(name)[...]
            return zip(kept, moved).map { intent, moved in
                moved.flatMap { $0 ? .success(intent) : renamed.removeFirst() }
            }
        }
    }

    private func commit(_ intents: [Intent]) async -> Intents {
        CrashPoint.beforePublishingCommit.pass()
        let kept = await agency.append(
            each: intents.map { .success([Self.event(of: $0.record, $0.opened, at: $0.at)]) })
        if kept.contains(where: \.isSuccess) { CrashPoint.afterPublishingCommit.pass() }
        return zip(intents, kept).map { intent, kept in kept.map { intent } }
    }

    /// One sync of each folder. If it fails, the rows are in doubt.
    private func settle(_ intents: [Intent]) async -> Intents {
        var settled: Intents = []
        var synced: [RouteName: Result<Void, any Error>] = [:]
        for intent in intents {
            let end: Result<Void, any Error>
            if let known = synced[intent.route] { end = known } else { end = await sync(intent.folder) }
            synced[intent.route] = end
            settled.append(await kept(intent, end))
        }
        return settled
    }

    private func sync(_ folder: Folder) async -> Result<Void, any Error> {
        do { return .success(try await syncs.sync(folder)) } catch { return .failure(error) }
    }

    private func kept(_ intent: Intent, _ end: Result<Void, any Error>) async -> Result<Intent, any Error> {
        do {
            try await settle(end, intent.record.key)
            return .success(intent)
        } catch {
            return .failure(error)
        }
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
        try await writeSideCar(opened, at: now)
        guard isOurs else {
            // What a reader took away needs no sync any more.
            try await settle(doubt == nil ? sync(folder) : .success(()), record.key)
            return PublishedFile(waybill: opened.waybill, digest: opened.digest, at: now, record: record)
        }
        var name = place.name
        if doubt != nil { try await commitIntent(record, opened, at: now) }
        while try await !move(key, from: staging, to: folder, as: name) {
            var given = TakenNames.Given()
            name = try reserve(opened, in: folder, &given)
            record.place = try InboxPlace(name, route: record.route, isKnown: route == record.route).text
            try await commitIntent(record, opened, at: now)
        }
        if doubt != nil { try await doubted(sync(staging), record.key) }
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
        try await settle(sync(folder), key)
    }

    private func settle(_ synced: Result<Void, any Error>, _ key: ConsignmentKey) async throws {
        try await doubted(synced, key)
        try await doubts.settle(key, in: agency.ledger)
    }

    private func doubted(_ synced: Result<Void, any Error>, _ key: ConsignmentKey) async throws {
        guard case .failure(let error) = synced else { return }
        try await doubts.raise(.seenThere(generation: agency.layout.generation), of: key, in: agency.ledger)
        throw error
    }

    private func commitIntent(_ record: ConsignmentRecord, _ opened: OpenedWaybill, at now: Instant) async throws {
        CrashPoint.beforePublishingCommit.pass()
        try await agency.ledger.append([Self.event(of: record, opened, at: now)])
        CrashPoint.afterPublishingCommit.pass()
    }

    /// False if somebody put a file of that name there since it was reserved.
    private func move(_ key: StagingKey, from staging: Folder, to folder: Folder, as name: String) async throws -> Bool
    {
        try await Blocking.run { [self] in try moveNow(key, from: staging, to: folder, as: name) }
    }

    /// Blocks.
    private func moveNow(_ key: StagingKey, from staging: Folder, to folder: Folder, as name: String) throws -> Bool {
        do {
            try staging.rename(Names.staged(key.id), to: folder, as: Names.file(name), .noReplace)
        } catch  where error.reason == .exists {
            return false
        }
        CrashPoint.afterPublishRename.pass()
        return true
    }

    private func reserve(
        _ opened: OpenedWaybill, in folder: Folder, _ given: inout TakenNames.Given
    ) throws -> String {
        try taken.reserve(SafeName.forInbox(opened.waybill.file.name), in: folder, besides: &given)
    }

    /// On the disk when it returns: whatever stood still so long may have happened long before a power cut.
    private func writeSideCar(_ opened: OpenedWaybill, at now: Instant) async throws {
        let admitted = AdmittedWaybill.again(opened, law: agency.law, we: agency.us.id, at: now)
        try await sync(sideCars: Blocking.run { [self] in try write(admitted, at: now, .contentSynced) })
    }

    /// A side-car needs no sync of its own where the disk is ours: it is written again if a power cut takes what is in it
    /// (`SideCarsAgain`). A server tells of a write that failed only to who waits for it.
    private func write(
        _ admitted: AdmittedWaybill, at now: Instant, _ syncing: DurableFile.Syncing? = nil
    ) throws -> Folder {
        let folder = try agency.layout.waybills(admitted.waybill.parties.from)
        let text = Self.sideCar(admitted.opened, admitted.warnings, at: now)
        let syncing = try syncing ?? (disks.isOurs(folder) ? .inPlace : .contentSynced)
        try DurableFile.write(text, to: folder, Names.file("\(admitted.waybill.id).json"), mode: 0o640, syncing)
        return folder
    }
}
