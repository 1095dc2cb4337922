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
package actor EraseDesk {
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
    private let standing: Standing?
    private var work: Task<Void, Never>?
    private var failure: String?

    /// - Parameter standing: of the running daemon, which is told of trouble and keeps the watchdog fed meanwhile.
    init(_ sqlite: SQLiteLedger, _ folders: InstallationFolders, _ places: Places, standing: Standing? = nil) {
        self.sqlite = sqlite
        self.standing = standing
        self.places = places
        root = folders.root
        files = DeliveryFiles(folders, places)
    }

    /// Erases those that may be erased now, in commits of at most `Erasure.mostConsignments`. `finish` follows.
    package func erase(
        _ keys: [ConsignmentKey], selector: Erasure.Selector, because: String, by: String, at now: Instant
    ) async throws -> Outcome {
        var (outcome, left) = (Outcome(), keys[...])
        while !left.isEmpty {
            let some = left.prefix(Erasure.mostConsignments)
            left = left.dropFirst(some.count)
            let records = try await erasable(Array(some), &outcome, at: now)
            if records.isEmpty { continue }
            let erasure = Erasure(
                records.map(\.key), selector: selector, because: because, by: by, files: records.map(\.file))
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

    private func erasable(
        _ keys: [ConsignmentKey], _ outcome: inout Outcome, at now: Instant
    ) async throws -> [ConsignmentRecord] {
        let search = ErasureSearch(sqlite)
        var records: [ConsignmentRecord] = []
        for key in keys {
            guard let candidate = try await search.candidate(key) else { throw OfficerProblem.unknown(key.id) }
            let files = files
            try await openPlaces(at: now)
            let isInWork = try await Blocking.run { try files.isInWork(candidate.record) }
            if let obstacle = candidate.obstacle ?? (isInWork ? .inWork : nil) {
                outcome.refused[key.id] = obstacle
            } else {
                records.append(candidate.record)
            }
        }
        return records
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
        let fed = standing.map { standing in
            Task {
                // Claims wait for the ledger while its pages are written; that is no reason to be killed.
                while !Task.isCancelled {
                    standing.scanned(.outbox, .urgentOutbox)
                    try? await Task.sleep(for: .seconds(5))
                }
            }
        }
        do {
            try await removeFiles()
            try await sqlite.scrub()
            failure = nil
        } catch {
            failure = "\(error)"
        }
        fed?.cancel()
        standing?.alarm(
            "erase",
            failure.map { "What was erased is not yet gone from every page and folder: \($0). Tried every hour." })
        work = nil
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
