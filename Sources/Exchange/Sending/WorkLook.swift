internal import Folders
internal import Law
internal import Ledger
internal import Logging
internal import Policy
internal import Statements
internal import Synchronization
internal import Transport
internal import Vocabulary

// Looks through work/, at a start and every half minute, for files that belong to nobody, and takes them up: by the first table
// of "What is on disk when" in README. The ledger decides, folders follow. Nothing is concluded from a place that is not
// surely ours.

extension Sending {
    private static let soon = 5.0

    func lookThroughWork() async {
        while !Task.isCancelled {
            var pause = agency.rules.workLook
            do {
                let (isWhole, open) = try await lookOnce()
                if !isWhole { pause = min(pause, Self.soon) }
                if !isRecovered.isOpen { Task { await tidyNotes() } }
                isRecovered.open()
                agency.alarms.alarm("work", nil)
                ask(about: open)
            } catch {
                pause = min(pause, Self.soon)
                agency.alarms.alarm("work", "work/ cannot be compared with the ledger: \(error). It is tried again.")
            }
            try? await Task.sleep(for: .seconds(pause))
        }
    }

    /// Partners may answer slowly, or not at all: nothing waits for that, and one round at a time is enough.
    private func ask(about open: [ConsignmentRecord]) {
        let isFree = isAsking.withLock { isAsking in
            defer { isAsking = true }
            return !isAsking
        }
        guard isFree else { return }
        Task {
            await lookForMissing(open)
            isAsking.withLock { $0 = false }
        }
    }

    /// What the last life left beside files: waiting notes of what waits no more, and notes that a power cut emptied.
    /// This life may have written notes meanwhile, which go with them: whoever wrote one writes it again.
    package func tidyNotes() async {
        let agency = agency
        for partner in agency.partners.all {
            for route in agency.law.routes {
                _ = try? await Blocking.run { try WaitingNotes.removeAll(of: partner.id, route.name, agency) }
            }
            dispatchers.withLock { $0[partner.id]?.0 }?.forgetNotes()
        }
        isTidied.withLock { $0 = true }
        await NotesAgain(agency: agency, lastLife: parts.lastLife).write()
    }

    /// - Returns: whether every place could be looked into, and the open rows of partners whose every place could.
    private func lookOnce() async throws -> (isWhole: Bool, open: [ConsignmentRecord]) {
        let open = try await openRecords()
        let ours = agency.partners.all.map(\.id) + agency.partners.revoked.map(\.id)
        var whole: Set<AgencyID> = []
        for partner in ours {
            do {
                let found = try await look(for: partner, open)
                whole.insert(partner)
                stuck(partner, found)
            } catch {
                agency.alarms.alarm("stuck/\(partner)", "Files in work/ for \(partner) wait: \(error)")
            }
        }
        await lookForStrangers(besides: Set(ours))
        lookedAt.withLock { $0.formUnion(whole) }
        return (whole.count == ours.count, open.filter { whole.contains($0.key.partner) })
    }

    /// Takes up what belongs to nobody.
    /// - Returns: how many files that were.
    private func look(for partner: AgencyID, _ open: [ConsignmentRecord]) async throws -> Int {
        let layout = agency.layout
        let mine = Dictionary(grouping: open.filter { $0.key.partner == partner }) { "\($0.route)/\($0.place ?? "")" }
        let routes = Set(agency.law.routes.map(\.name) + (try await Blocking.run { try layout.routesInWork(partner) }))
        var (count, trouble): (Int, FileTrouble?) = (0, nil)
        for route in routes.sorted() {
            let batches = try await Blocking.run { try layout.batches(partner, route) }
            for batch in batches { count += try await takeUp(from: batch, mine, &trouble) }
        }
        agency.alarms.alarm(
            "work/\(partner)", trouble.map { "A file in work/ for \(partner) cannot be taken up: \($0)" })
        return count
    }

    /// - Parameter last: the trouble of a name, which is that name's; it is looked at again.
    private func takeUp(
        from batch: WorkFolder, _ open: [String: [ConsignmentRecord]], _ last: inout FileTrouble?
    ) async throws -> Int {
        let (layout, register) = (agency.layout, register)
        let (folder, names) = try await Blocking.run {
            let folder = try layout.work(batch)
            return (
                folder,
                try folder.entries().filter { name in
                    !DropName.isSidecar(name) && !register.isOwned(.init(batch, name))
                }
            )
        }
        if isFirst(batch.partner) { try await returnLoneSideCars(from: folder, batch) }
        var count = 0
        for name in names.sorted() {
            do { if try await takeUp(.init(batch, name), in: folder, open) { count += 1 } } catch let trouble
                as FileTrouble
            {
                agency.log.error(
                    "a file in work/ cannot be taken up yet",
                    metadata: ["partner": "\(batch.partner)", "why": "\(trouble)"])
                last = trouble
            }
        }
        return count
    }

    /// A mount may come late: what lies on it is as the last life left it.
    private func isFirst(_ partner: AgencyID) -> Bool { lookedAt.withLock { !$0.contains(partner) } }

    private func takeUp(
        _ place: WorkRegister.Place, in folder: Folder, _ open: [String: [ConsignmentRecord]]
    ) async throws -> Bool {
        let lastLife = isFirst(place.folder.partner) ? parts.lastLife : .none
        guard let found = try await Blocking.run({ try FoundFile(place, in: folder, lastLife) }) else { return false }
        let record = try await row(of: found, open)
        let now = agency.clock.now()
        let id = record?.key.id ?? .make(at: now)
        guard let claim = register.own(place, id) else { return false }
        let labels = LabelRules(authors: parts.labelAuthors, law: agency.law)
        let claimed = try await Blocking.run {
            ClaimedFile(found, id: id, claim, labels, at: record?.claimedAt ?? now)
        }
        agency.log.info(
            "taken up", metadata: ["consignment": "\(id)", "state": "\(record?.state.rawValue ?? "new")"])
        agency.alarms.alarm("missing/\(id)", nil)
        put(Prepared(claimed: claimed, record: record))
        return true
    }

    /// The row that a file belongs to. An open one by its place, whatever its content is now: what was signed is never sent
    /// as something new. An ended one, whose place may hold another file by now, by inode, size and time; not one that was
    /// given up for our clock's sake: its file goes under a new id, and the last life may have ended before that.
    private func row(of found: FoundFile, _ open: [String: [ConsignmentRecord]]) async throws -> ConsignmentRecord? {
        let here = open["\(found.place.folder.route)/\(found.place.text)"] ?? []
        if let row = here.first(where: { found.facts.isMarked($0.inode) }) ?? here.first { return row }
        var filter = LedgerFilter()
        filter.direction = .sent
        filter.partner = found.place.folder.partner
        filter.name = Glob.exactly(found.name)
        for row in try await agency.ledger.list(filter, after: nil, limit: 50)
        where !ConsignmentState.open.contains(row.state) && found.facts.isMarked(row.inode) {
            if try await !isSignedAnew(row) { return row }
        }
        return nil
    }

    private func isSignedAnew(_ row: ConsignmentRecord) async throws -> Bool {
        guard row.state == .withdrawn else { return false }
        return try await Withdrawing.cause(of: row.key, in: agency.ledger) == .clock
    }

    /// After the first look nothing should ever be found; if it is, somebody should know.
    private func stuck(_ partner: AgencyID, _ found: Int) {
        guard isRecovered.isOpen else { return }
        if found > 0 {
            agency.log.error(
                "files in work/ belonged to nobody", metadata: ["partner": "\(partner)", "count": "\(found)"])
        }
        agency.alarms.alarm(
            "stuck/\(partner)",
            found == 0 ? nil : "\(found) files in work/ for \(partner) had stopped. They were taken up again just now.")
    }

    /// Files for somebody who is no partner any more wait until they are added again, and are not forgotten meanwhile.
    private func lookForStrangers(besides ours: Set<AgencyID>) async {
        let layout = agency.layout
        let strangers = (try? await Blocking.run { try layout.partnersInWork() }) ?? []
        for partner in strangers where !ours.contains(partner) {
            let count = (try? await Blocking.run { try Self.filesWaiting(for: partner, layout) }) ?? 0
            agency.alarms.alarm(
                "stuck/\(partner)",
                count == 0
                    ? nil
                    : "\(count) files in work/ are for \(partner), who is no partner any more. Add their card again "
                        + "(waybill partner add), or have the files taken out of work/\(partner).")
        }
    }

    private static func filesWaiting(for partner: AgencyID, _ layout: Layout) throws -> Int {
        var count = 0
        for route in try layout.routesInWork(partner) {
            for batch in try layout.batches(partner, route) where batch.root == .work {
                count += try layout.work(batch).entries().count
            }
        }
        return count
    }

    /// A side-car that was claimed just before a crash, without its file, goes back beside it.
    private func returnLoneSideCars(from work: Folder, _ batch: WorkFolder) async throws {
        let (layout, register) = (agency.layout, register)
        try await Blocking.run {
            for name in try work.entries() {
                guard let file = DropName.file(ofSidecar: name), try work.lookup(file) == nil,
                    !register.isOwned(.init(batch, file))
                else { continue }
                try? work.rename(name, to: layout.outbox(batch.partner, batch.route), as: name, .noReplace)
            }
        }
    }

    private func openRecords() async throws -> [ConsignmentRecord] {
        var filter = LedgerFilter()
        filter.direction = .sent
        filter.states = [.claimed, .signed, .dispatching]
        var records: [ConsignmentRecord] = []
        while true {
            let page = try await agency.ledger.list(filter, after: records.last?.key, limit: 500)
            records += page
            if page.count < 500 { return records }
        }
    }
}
