internal import Exchange
internal import Folders
package import Ledger
internal import LedgerSQLite
internal import Settings
package import Vocabulary

/// Erases what stands about consignments: first the commit, then the files, then the pages of the ledger.
///
///     commit: details, salts, rows; what is still to be done ─► files in sent/, held/, .waybills/ ─► pages and log
///
/// What a crash leaves undone is remembered in the ledger, and done by the next start.
package actor Erasing {
    /// What one wish came to.
    package struct Outcome: Sendable {
        /// The numbers of the events that say so.
        package var events: [Int64] = []
        package var erased = 0
        package var refused: [ConsignmentID: ErasureCandidate.Obstacle] = [:]
    }

    /// How far the work after the commit has come.
    package enum Progress: Hashable, Sendable {
        case done, running
        /// It is tried again once an hour.
        case failed(String)
    }

    private let sqlite: SQLiteLedger
    private let files: DeliveryFiles
    private let places: Places
    private let root: String
    /// The group of officers, if the settings name one.
    private let officers: String?
    private let alarms: Alarms
    private var work: Task<Void, Never>?
    private var failure: String?

    /// - Parameter alarms: told of trouble, and that we live meanwhile.
    init(
        _ sqlite: SQLiteLedger, _ folders: InstallationFolders, _ places: Places, officers: String?,
        alarms: Alarms
    ) {
        self.sqlite = sqlite
        self.officers = officers
        self.alarms = alarms
        self.places = places
        root = folders.root
        files = DeliveryFiles(folders, places)
    }

    /// Does what a person wishes, whatever the selector says. `finish` follows.
    package func carryOut(
        _ keys: [ConsignmentKey], _ wish: EraseWish, by account: String, at now: Instant
    ) async throws -> Outcome {
        let person = "person:\(account)"
        return wish.selector == .reference
            ? try await eraseReference(keys, wish, by: person, at: now)
            : try await erase(keys, wish, by: person, at: now)
    }

    /// Erases those that may be erased now, in commits of at most `Erasure.mostConsignments`. `finish` follows.
    ///
    /// What gives concern (`ErasureConcern`) is refused, unless two officers say `although`.
    /// - Parameter by: `person:<account>` or `daemon`.
    package func erase(
        _ keys: [ConsignmentKey], _ wish: EraseWish, by: String, at now: Instant
    ) async throws -> Outcome {
        if let objection = wish.objection(by: by, officers: officers) { throw OfficerProblem.refused(objection) }
        var (outcome, left) = (Outcome(), keys[...])
        while !left.isEmpty {
            let some = left.prefix(Erasure.mostConsignments)
            left = left.dropFirst(some.count)
            let (records, concerns) = try await erasable(Array(some), wish, &outcome, at: now)
            if records.isEmpty { continue }
            var erasure = Erasure(
                records.map(\.key), selector: wish.selector, because: wish.because, by: by,
                files: records.map(\.file))
            (erasure.although, erasure.concerns) = (wish.although, concerns)
            outcome.events.append(try await sqlite.erase(erasure, at: now))
            outcome.erased += records.count
            CrashPoint.afterErasedCommit.pass()
        }
        return outcome
    }

    /// A command has a ledger of its own and has not looked at any place yet.
    private func openPlaces(at now: Instant) async throws {
        guard places.known == nil else { return }
        try await PlaceRecords(sqlite, places, root: root).begin(at: now)
    }

    /// Those that may go, and the words of what two officers pass over for them.
    private func erasable(
        _ keys: [ConsignmentKey], _ wish: EraseWish, _ outcome: inout Outcome, at now: Instant
    ) async throws -> (records: [ConsignmentRecord], concerns: [String]) {
        var (records, passed): ([ConsignmentRecord], Set<String>) = ([], [])
        for key in keys {
            let candidate = try await candidate(key)
            let (known, concerns) = try await ErasureConcerns(sqlite).judge(candidate, wish, at: now)
            if let obstacle = try await obstacle(known, candidate.record, at: now) {
                outcome.refused[key.id] = obstacle
            } else {
                records.append(candidate.record)
                passed.formUnion(concerns.map(\.word))
            }
        }
        return (records, passed.sorted())
    }

    private func candidate(_ key: ConsignmentKey) async throws -> ErasureCandidate {
        guard let candidate = try await ErasureSearch(sqlite).candidate(key) else {
            throw OfficerProblem.unknown(key.id)
        }
        return candidate
    }

    private func obstacle(
        _ known: ErasureCandidate.Obstacle?, _ record: ConsignmentRecord, at now: Instant
    ) async throws -> ErasureCandidate.Obstacle? {
        if let known { return known }
        let files = files
        try await openPlaces(at: now)
        return try await Blocking.run { try files.isInWork(record) } ? .inWork : nil
    }

    /// Takes a person's reference out of these records and leaves the rest. `finish` follows.
    private func eraseReference(
        _ keys: [ConsignmentKey], _ wish: EraseWish, by: String, at now: Instant
    ) async throws -> Outcome {
        guard let reference = wish.subject else { throw OfficerProblem.refused("No reference is named: --subject REF") }
        var outcome = Outcome()
        for key in keys {
            let candidate = try await candidate(key)
            let known = try await ErasureConcerns(sqlite).judge(candidate, wish, at: now).obstacle
            if let obstacle = try await obstacle(known, candidate.record, at: now) {
                outcome.refused[key.id] = obstacle
                continue
            }
            var order = Erasure.OfReference(
                key, reference: reference, because: wish.because, by: by, file: candidate.record.file)
            order.reviewBy = try await ErasureConcerns(sqlite).reviewBy(candidate)
            outcome.events.append(try await sqlite.erase(order, at: now))
            outcome.erased += 1
            CrashPoint.afterErasedCommit.pass()
        }
        return outcome
    }

    /// Does what is still to be done after commits, or waits for the one who is at it. Returns how that went.
    package func finish() async -> Progress {
        if let work { await work.value } else { await start().value }
        return failure.map(Progress.failed) ?? .done
    }

    /// Begins what is still to be done, if it is not under way, and says how it stands.
    package func progress() async throws -> Progress {
        if work != nil { return .running }
        guard try await !sqlite.remembered(named: Erasure.Pending.all).isEmpty else { return .done }
        if let failure {
            self.failure = nil
            return .failed(failure)
        }
        _ = start()
        return .running
    }

    private func start() -> Task<Void, Never> {
        let task = Task { await carryOut() }
        work = task
        return task
    }

    private func carryOut() async {
        let fed = Task { [alarms] in
            // Claims wait for the ledger while its pages are written; that is no reason to be killed.
            while !Task.isCancelled {
                alarms.scanned(.outbox, .urgentOutbox)
                try? await Task.sleep(for: .seconds(5))
            }
        }
        do {
            try await removeFiles()
            try await takeReferencesOut()
            try await sqlite.scrub()
            failure = nil
        } catch {
            failure = "\(error)"
        }
        fed.cancel()
        alarms.alarm(
            "erase",
            failure.map { "What was erased is not yet gone from every page and folder: \($0). Tried every hour." })
        work = nil
    }

    private func takeReferencesOut() async throws {
        let left = try await sqlite.remembered(named: Erasure.Pending.references)
        for (name, text) in left {
            var m = try JSONMembers(JSON(kept: Array(text.utf8)), of: "reference to be taken out")
            let (file, reference) = (try ErasedFile(m.json("file")), try m.string("reference"))
            let files = files
            try await openPlaces(at: WallClock.now())
            try await Blocking.run { try files.takeOut(reference, of: file) }
            CrashPoint.afterErasedFiles.pass()
            try await sqlite.remember(name, nil)
        }
    }

    private func removeFiles() async throws {
        let lists = try await sqlite.remembered(named: Erasure.Pending.files)
        if lists.isEmpty { return }
        var gone: [ErasedFile] = []
        for text in lists.values {
            guard case .array(let items) = try JSON(kept: Array(text.utf8)) else { continue }
            gone += try items.map { json throws(Malformed) in try ErasedFile(json) }
        }
        let files = files
        try await openPlaces(at: WallClock.now())
        _ = try await Blocking.run { [gone] in try files.remove(gone) }
        CrashPoint.afterErasedFiles.pass()
        for name in lists.keys { try await sqlite.remember(name, nil) }
    }
}
