internal import Folders
internal import Law
internal import Logging
internal import Policy
internal import Vocabulary

// From what is complete in an outbox folder to claimed files in work/.
//
// Trouble with one name is a problem of that name; what was renamed is always handed on.

extension Outbox {
    private static let batch = 200

    /// - Parameter free: bytes where work/ lies; nil if that is not known, or not asked.
    func claim(_ ready: [ReadyDrop], _ number: Int, free: Int64?) async {
        guard let drop = drops[number], !ready.isEmpty, agency.rollback.mayClaim(for: drop.partner) else { return }
        let nameable = ready.filter { DropCheck.why(not: $0.name) == nil }
        let (usual, waiting) = hasSpace(free) ? bounded(nameable, drop) : ([], nameable)
        let next = await urgent(among: waiting, number, drop) + usual
        drops[number]?.isBehind = next.count < ready.count
        for batch in next.chunked(into: Self.batch) where !isStopping { await claim(batch: batch, number, drop) }
    }

    /// A name that is under way does not wait for room: the next one of its name would be written over it.
    private func bounded(_ ready: [ReadyDrop], _ drop: Drop) -> (next: [ReadyDrop], waiting: [ReadyDrop]) {
        if isUrgent { return (ready, []) }
        var room = max(0, agency.rules.claimsAhead - register.count(drop.partner, drop.route))
        var (next, waiting): ([ReadyDrop], [ReadyDrop]) = ([], [])
        for one in ready {
            let isUnderWay = register.holds(drop.named(one.name))
            if !isUnderWay { room -= 1 }
            if isUnderWay || room >= 0 { next.append(one) } else { waiting.append(one) }
        }
        return (next, waiting)
    }

    /// What a label makes urgent waits neither for room nor for space. Its label is only a hint here: it is read again,
    /// and counts, once both are claimed.
    private func urgent(among waiting: [ReadyDrop], _ number: Int, _ drop: Drop) async -> [ReadyDrop] {
        let unread = waiting.filter { $0.sidecar != nil && drop.usual[$0.name] != $0.sidecar?.facts.stamp }
        guard !unread.isEmpty else { return [] }
        let law = agency.law
        let urgent = try? await Blocking.run {
            unread.prefix(Self.batch).filter { ready in
                law.isUrgent(drop.route, sideCar: SideCars.read(beside: ready.name, in: drop.folder)?.bytes)
            }
        }
        let names = Set((urgent ?? []).map(\.name))
        for ready in unread.prefix(Self.batch) where urgent != nil && !names.contains(ready.name) {
            drops[number]?.usual[ready.name] = ready.sidecar?.facts.stamp
        }
        return urgent ?? []
    }

    private func claim(batch: [ReadyDrop], _ number: Int, _ drop: Drop) async {
        let claims = Claims(drop, agency, parts, register)
        // Not cancelled once begun: what it has renamed must be handed on.
        guard let taken = try? await Blocking.run({ claims.take(batch) }) else { return }
        drops[number]?.scanner = taken.scanner
        for ready in batch { drops[number]?.refused[ready.name] = taken.problems[ready.name] }
        for (name, problem) in taken.problems where drop.refused[name] != problem { log(problem, drop) }
        if let trouble = taken.trouble { forget(number, because: trouble) }
        if taken.isSynced { await claimed(taken.files) } else { await sync(again: taken.files, drop) }
    }

    private func log(_ problem: Folders.Problem, _ drop: Drop) {
        agency.log.notice(
            "left in the outbox",
            metadata: ["partner": "\(drop.partner)", "route": "\(drop.route)", "why": "\(problem.rawValue)"])
    }

    /// A sync that failed is not asked again: the files are renamed once more, into other batch folders, and those renames
    /// are synced. Until that has worked nothing is signed, because after a power cut the files might lie in the outbox.
    private func sync(again files: [ClaimedFile], _ drop: Drop) async {
        let (agency, parts, register, hand) = (agency, parts, register, claimed)
        Task {
            var left = files
            var pause = 1.0
            while !left.isEmpty {
                agency.alarms.alarm(
                    "claim/\(drop.partner)",
                    "\(left.count) files in work/ wait: the disk could not keep their new place. See the system's log "
                        + "(dmesg); they go on by themselves when it works.")
                do { try await Task.sleep(for: .seconds(pause)) } catch { return }
                pause = min(60, pause * 2)
                let (claims, moving) = (Claims(drop, agency, parts, register), left)
                guard let (synced, rest) = try? await Blocking.run({ claims.moveOn(moving) }) else { return }
                await hand(synced)
                left = rest
            }
            agency.alarms.alarm("claim/\(drop.partner)", nil)
        }
    }

    private func hasSpace(_ free: Int64?) -> Bool {
        let reserve = agency.rules.diskReserve
        // An emergency takes no space by being claimed, and the reserve is there for such.
        if isUrgent { return true }
        guard let free, free < reserve else {
            agency.alarms.alarm("disk", nil)
            return true
        }
        agency.alarms.alarm(
            "disk", "Less than \(reserve >> 20) MiB are free where work/ lies: nothing is claimed until there is space."
        )
        return false
    }
}

extension Outbox.Drop {
    /// Asked in the job that looks, and only if there is something to claim. Blocks.
    func free(for ready: [ReadyDrop]) -> Int64? { ready.isEmpty ? nil : try? DiskSpace.free(at: folder) }
}

/// One round of claiming in one outbox folder. Everything here blocks.
struct Claims: Sendable {
    struct Taken: Sendable {
        var scanner: RouteScanner
        var files: [ClaimedFile] = []
        var problems: [FileName: Folders.Problem] = [:]
        /// The folder itself is in trouble.
        var trouble: FileTrouble?
        /// The renames are on the disk.
        var isSynced = true
    }

    private let drop: Outbox.Drop
    private let agency: Agency
    private let parts: SendingParts
    private let register: WorkRegister

    init(_ drop: Outbox.Drop, _ agency: Agency, _ parts: SendingParts, _ register: WorkRegister) {
        (self.drop, self.agency, self.parts, self.register) = (drop, agency, parts, register)
    }

    private var labels: LabelRules { LabelRules(authors: parts.labelAuthors, law: agency.law) }

    /// Each folder is synced once for the whole batch.
    func take(_ batch: [ReadyDrop]) -> Taken {
        var taken = Taken(scanner: drop.scanner)
        for ready in batch where taken.trouble == nil {
            do { try take(ready, &taken) } catch {
                if error.isOfTheFolder { taken.trouble = error } else { taken.problems[ready.name] = .trouble }
            }
        }
        if !taken.files.isEmpty { taken.isSynced = isSynced(taken.files) }
        CrashPoint.afterClaimSync.pass()
        return taken
    }

    private func isSynced(_ files: [ClaimedFile]) -> Bool {
        var folders: [ObjectIdentifier: Folder] = [:]
        for file in files { folders[ObjectIdentifier(file.folder)] = file.folder }
        do {
            for folder in folders.values { try folder.sync() }
            try drop.folder.sync()
            return true
        } catch {
            agency.log.error("a claim was not synced", metadata: ["partner": "\(drop.partner)", "why": "\(error)"])
            return false
        }
    }

    /// Side-car first, file second, so that a file is never without its label.
    private func take(_ ready: ReadyDrop, _ taken: inout Taken) throws(FileTrouble) {
        let (id, doubt) = (ConsignmentID.make(at: agency.clock.now()), doubt(ready))
        var number = register.nextBatch(drop.named(ready.name))
        for _ in 0..<64 {
            let folder = WorkFolder(drop.partner, drop.route, drop.root, batch: number)
            let place = WorkRegister.Place(folder, ready.name)
            number += 1
            guard let claim = register.own(place, id) else { continue }
            guard let batch = try open(folder) else { throw FileTrouble("open a batch folder", errno: 5) }
            switch try claimed(ready, batch) {
            case .claimed(let moved):
                taken.scanner.forget(ready.name)
                let found = FoundFile(moved, place, in: batch, sideCar: sideCar(ready, batch), doubt: doubt)
                taken.files.append(ClaimedFile(found, id: id, claim, labels, at: agency.clock.now()))
                return
            case .stillBeingWritten: return taken.scanner.stillWritten(ready.name, at: BootClock.now())
            case .nameTakenInBatch: continue
            case .notTaken(let problem): return taken.problems[ready.name] = problem
            }
        }
    }

    private func claimed(_ ready: ReadyDrop, _ batch: Folder) throws(FileTrouble) -> ClaimOutcome {
        if let sideCar = ready.sidecar {
            switch try drop.claimer.claim(sideCar.name, seen: sideCar.facts.stamp, in: drop.folder, into: batch) {
            case .claimed: break
            case let other: return other
            }
        }
        let outcome: ClaimOutcome
        do {
            outcome = try drop.claimer.claim(ready.name, seen: ready.facts.stamp, in: drop.folder, into: batch)
        } catch {
            putBack(ready.sidecar, batch)
            throw error
        }
        if case .claimed = outcome { return outcome }
        putBack(ready.sidecar, batch)
        return outcome
    }

    /// Back beside its file, unless a newer one lies there.
    private func putBack(_ sideCar: ReadyDrop.Sidecar?, _ batch: Folder) {
        guard let sideCar else { return }
        try? batch.rename(sideCar.name, to: drop.folder, as: sideCar.name, .noReplace)
    }

    /// What cannot be read is no label that anybody has understood: the reader says so, and the file is held.
    private func sideCar(_ ready: ReadyDrop, _ batch: Folder) -> SideCar? {
        guard let there = ready.sidecar else { return nil }
        return SideCars.read(beside: ready.name, in: batch)
            ?? SideCar(bytes: SideCars.unreadable, owner: there.facts.owner)
    }

    private func doubt(_ ready: ReadyDrop) -> PowerCut? {
        guard drop.present[ready.name] == ready.facts.inode else { return nil }
        return parts.lastLife.doubt(ready.name, ready.facts, in: drop.folder)
    }

    private func open(_ folder: WorkFolder) throws(FileTrouble) -> Folder? {
        do { return try agency.layout.work(folder) } catch let trouble as FileTrouble { throw trouble } catch {
            return nil
        }
    }

    /// Once more into other batch folders. Those whose new place is on the disk, and the rest.
    func moveOn(_ files: [ClaimedFile]) -> (synced: [ClaimedFile], rest: [ClaimedFile]) {
        var moved: [ClaimedFile] = []
        var rest: [ClaimedFile] = []
        for file in files {
            if let new = try? moveOn(file) {
                moved.append(new)
            } else if (try? file.folder.lookup(file.fileName)) != .some(nil) {
                rest.append(file)
            }
            // One that is no longer where it was is let go: the next look at work/ finds where it is.
        }
        return moved.isEmpty || isSynced(moved) ? (moved, rest) : ([], moved + rest)
    }

    /// In its old turn: those of its name that were claimed meanwhile stay behind it.
    private func moveOn(_ file: ClaimedFile) throws -> ClaimedFile? {
        let next = WorkFolder(
            file.partner, file.route, file.place.folder.root, batch: register.nextBatch(file.place.named))
        let place = WorkRegister.Place(next, file.fileName)
        guard let claim = register.own(place, file.id, turn: file.claim.turn) else { return nil }
        let folder = try agency.layout.work(next)
        if file.labelledBy != nil {
            try SideCars.move(beside: file.fileName, in: file.folder, to: folder, as: file.fileName)
        }
        try file.folder.rename(file.fileName, to: folder, as: file.fileName, .noReplace)
        guard var found = try FoundFile(place, in: folder) else { return nil }
        found.doubt = file.doubt
        found.writerExcluded = file.writerExcluded
        return ClaimedFile(found, id: file.id, claim, labels, at: file.claimedAt)
    }
}

extension FileTrouble {
    /// Whether the folder itself is gone, and not something about one name in it.
    fileprivate var isOfTheFolder: Bool { reason == .missing || reason == .readOnly }
}
