internal import Folders
internal import Ledger
internal import Logging
internal import Vocabulary

/// Sees that published files are collected, and has it said.
///
///     inotify ──hint──► is it gone? ─┐
///     scan ───────────► is it gone? ─┴─► handover      (a scan looks only at folders that have changed)
///     too long ────────────────────────► uncollected  (an emergency: within minutes, and looked at every few seconds)
///
/// A hint only says where to look and how it went; a restart, a share that others write to and a full queue of the
/// kernel leave the scan to find it.
package actor CollectionMonitor {
    private let agency: Agency
    private let collections: Uncollected
    private let reporter: CollectionReporter
    private let notTaken: NotTaken
    private let watcher: FolderWatcher?
    private var looked: [InboxFolder: Looked] = [:]
    private var numbers: [Int: InboxFolder] = [:]
    /// Of the places in which these folders were opened.
    private var generation = 0
    private let events: AsyncStream<Event>
    private let tell: AsyncStream<Event>.Continuation

    private enum Event: Sendable {
        case added, heard, tick, urgentTick
        case hints([FolderHint])
    }

    /// What a folder was like at its last whole look.
    private struct Looked {
        let number: Int
        /// Nanoseconds; nil: it must be looked at whatever it says.
        var modified: Int64?
    }

    package init(agency: Agency, collections: Uncollected) {
        (self.agency, self.collections) = (agency, collections)
        reporter = CollectionReporter(agency: agency, collections: collections)
        notTaken = NotTaken(agency, collections)
        watcher = try? FolderWatcher()
        (events, tell) = AsyncStream.makeStream()
    }

    package func run() async {
        let (published, heard) = (
            agency.signals.listen(for: .published), agency.signals.listen(for: .emergencyHeard)
        )
        await load()
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.listen() }
                group.addTask { await self.tick() }
                group.addTask { await self.tickForUrgent() }
                group.addTask { await self.hear(published, .added) }
                group.addTask { await self.hear(heard, .heard) }
                for await event in events { await handle(event) }
                group.cancelAll()
            }
        } onCancel: {
            tell.finish()
            watcher?.stop()
        }
    }

    private func listen() async {
        guard let hints = watcher?.hints else { return }
        for await batch in hints { tell.yield(.hints(batch)) }
    }

    /// Looking is cheap, but not so cheap as to be done as often as for files that wait to be sent.
    private func tick() async {
        while !Task.isCancelled {
            tell.yield(.tick)
            try? await Task.sleep(for: .seconds(min(60, 12 * agency.rules.scanInterval)))
        }
    }

    /// Costs next to nothing while no urgent file waits.
    private func tickForUrgent() async {
        while !Task.isCancelled {
            tell.yield(.urgentTick)
            try? await Task.sleep(for: .seconds(min(5, agency.rules.scanInterval)))
        }
    }

    private func hear(_ hearing: Hearing, _ event: Event) async {
        for await _ in hearing { tell.yield(event) }
    }

    private func handle(_ event: Event) async {
        switch event {
        case .added: await openFolders()
        case .heard: await lookAtUrgent(mayBeNew: true)
        case .urgentTick: await lookAtUrgent(mayBeNew: false)
        case .tick:
            await scan()
            await lookAtUrgent(mayBeNew: true)
        case .hints(let hints) where hints.contains(where: { $0.kind == .overflow || $0.kind == .folderGone }):
            for hint in hints where hint.kind == .folderGone { forget(hint.folder) }
            await scan()
        case .hints(let hints): await look(hints)
        }
        await reporter.tellHandovers(await stillGone(collections.seen))
    }

    /// Without those that are there after all: what left and came back before its receipt, as when it was published anew
    /// after a failed sync. Nothing is said while its place is away.
    private func stillGone(_ seen: [UncollectedFile]) async -> [UncollectedFile] {
        let layout = agency.layout
        let there = try? await Blocking.run {
            try Dictionary(grouping: seen, by: \.place.folder).flatMap { place, items -> [(ConsignmentKey, Bool)] in
                guard (try? layout.require(.inbox, place.parts)) != nil else { return items.map { ($0.key, false) } }
                let folder = try layout.inbox(place.partner, place.route)
                return try items.filter { item in
                    try item.sighting?.how != .opened && item.place.holds(folder.lookup(item.place.name))
                }.map { ($0.key, true) }
            }
        }
        guard let there else { return [] }
        for (key, isThere) in there where isThere { collections.unsee(key) }
        let unsaid = Set(there.map(\.0))
        return seen.filter { !unsaid.contains($0.key) }
    }

    /// Until it succeeds: without it nothing of a former life is watched.
    private func load() async {
        while !Task.isCancelled {
            do {
                try await loadPages()
                // Whether it was run in a former life is not known: rather twice than never.
                for item in collections.urgent { collections.hook.ring(item.isTold ? .notTaken : .arrived, item) }
                return agency.alarms.alarm("collection", nil)
            } catch {
                agency.alarms.alarm("collection", "What is to be collected cannot be read: \(error)")
                try? await Task.sleep(for: .seconds(5))
            }
        }
    }

    /// Page by page: all at once they would take many times what is kept of them.
    private func loadPages() async throws {
        var filter = DutyFilter.open(.collection)
        while true {
            let duties = try await agency.ledger.duties(filter, limit: Self.page)
            for duty in duties {
                guard let record = try await agency.ledger.record(duty.consignment) else { continue }
                collections.add(duty, record)
            }
            guard duties.count == Self.page, let last = duties.last else { return }
            filter.after = DutyPlace(last)
        }
    }

    private static let page = 500
}

// MARK: - Looking

extension CollectionMonitor {
    private func look(_ hints: [FolderHint]) async {
        let now = agency.clock.now()
        for hint in hints {
            guard let how = hint.kind.collection, let name = hint.name, let folder = numbers[hint.folder ?? -1] else {
                continue
            }
            let sighting = Sighting(how: how, at: now)
            guard let item = collections.item(name, in: folder, sighting) else { continue }
            if how == .opened { collections.note(sighting, of: item.key) } else { await check([item], how) }
        }
    }

    /// Asks the folders themselves, because a hint may be missing; then nobody is rung about a file that was taken.
    private func lookAtUrgent(mayBeNew: Bool) async {
        let urgent = collections.urgent
        if !urgent.isEmpty {
            await check(urgent, .removed)
            let oldest = agency.clock.now().adding(seconds: -Int64(agency.rules.collectEmergency))
            // A signed word about somebody's lateness: not by a clock in doubt.
            if agency.clock.ours.verdict == .sound {
                await reporter.tellUncollected(collections.urgent.filter { !$0.isTold && $0.since <= oldest })
            }
        }
        await notTaken.look(mayBeNew: mayBeNew)
    }

    /// Looks at every folder that has changed since it was looked at last, tells of what has lain too long.
    private func scan() async {
        let now = agency.clock.now()
        await openFolders()
        for (place, looked) in looked {
            guard let modified = await modified(place) else {
                forget(looked.number)
                continue
            }
            guard modified != looked.modified else { continue }
            await check(collections.unseen(in: place), .removed)
            // The clock of a file system ticks slowly: a change just after the look may bear the same time.
            let isSettled = modified < (now.milliseconds - 2000) * 1_000_000
            self.looked[place]?.modified = isSettled ? modified : nil
        }
        collections.forgetEarly(before: now.adding(seconds: -120))
        guard agency.clock.ours.verdict == .sound else { return }
        let expired = collections.expired(before: now.adding(seconds: -Int64(agency.rules.collectExpires)))
        // Where the inbox is away, nobody can know.
        await reporter.tellUncollected(
            expired.filter { (try? agency.layout.require(.inbox, $0.place.folder.parts)) != nil })
    }

    /// Nanoseconds; nil if it cannot be looked at. No folder is kept open for this.
    private func modified(_ place: InboxFolder) async -> Int64? {
        let layout = agency.layout
        return try? await Blocking.run { try layout.existing(.inbox, place.parts)?.facts().stamp.modified }
    }

    /// Watches folders in which something waits and which were not looked at yet.
    private func openFolders() async {
        if generation != agency.layout.generation {
            // A disk went or came back: what is open may be the one that is gone.
            for number in Array(numbers.keys) { forget(number) }
            generation = agency.layout.generation
        }
        for place in collections.folders where looked[place] == nil {
            do {
                let layout = agency.layout
                let folder = try await Blocking.run { try layout.inbox(place.partner, place.route) }
                let number = (numbers.keys.max() ?? 0) + 1
                looked[place] = Looked(number: number)
                numbers[number] = place
                if let trouble = watcher?.watch(folder, id: number, for: agency.rules.collected.interest) {
                    agency.log.notice("inbox folder is scanned only", metadata: ["why": "\(trouble)"])
                }
                await check(collections.unseen(in: place), .removed)
            } catch is PlaceMissing {  // An alarm says so, once; this is come by every few seconds.
            } catch {
                agency.log.notice("inbox folder not watched", metadata: ["why": "\(error)"])
            }
        }
    }

    private func forget(_ number: Int?) {
        guard let number, let place = numbers.removeValue(forKey: number) else { return }
        looked[place] = nil
    }

    /// Notes those that no longer stand where they were published.
    private func check(_ items: [UncollectedFile], _ how: LaterStatement.Collection) async {
        let layout = agency.layout
        do {
            let gone = try await Blocking.run {
                try Dictionary(grouping: items, by: \.place.folder).flatMap { try Self.gone($1, from: $0, layout) }
            }
            let sighting = Sighting(how: how, at: agency.clock.now())
            for item in gone { collections.note(sighting, of: item.key) }
        } catch {
            agency.log.notice("inbox not looked through", metadata: ["why": "\(error)"])
        }
    }

    /// Our side-car must still be there, which only we can remove: without it the whole inbox is another, such as the
    /// empty folder below a share that is not mounted, and nothing can be said.
    private static func gone(
        _ items: [UncollectedFile], from place: InboxFolder, _ layout: Layout
    ) throws -> [UncollectedFile] {
        try layout.confirm(.inbox, place.parts)
        let folder = try layout.inbox(place.partner, place.route)
        let sideCars = try layout.waybills(place.partner)
        return try items.filter { item in
            if item.place.holds(try folder.lookup(item.place.name)) { return false }
            return try sideCars.lookup(Names.file("\(item.key.id).json")) != nil
        }
    }
}

extension FolderHint.Kind {
    fileprivate var collection: LaterStatement.Collection? {
        switch self {
        case .opened: .opened
        case .movedOut: .moved
        case .removed: .removed
        case .movedIn, .renamedInside, .closedAfterWriting, .overflow, .folderGone: nil
        }
    }
}

extension Collected {
    fileprivate var interest: FolderWatcher.Interest { self == .moved ? .departures : .departuresAndOpenings }
}
