internal import Folders
internal import Logging
internal import Policy
internal import Vocabulary

/// From what is complete in an outbox folder to claimed files in work/.
extension Outbox {
    func claim(_ ready: [ReadyDrop], _ number: Int) async {
        guard let drop = drops[number], !ready.isEmpty, office.barrier.mayClaim(for: drop.partner), await hasSpace(drop)
        else { return }
        let fit = ready.filter { !drop.inWork.contains($0.name) && DropCheck.why(not: $0.name) == nil }
        let room = max(0, office.rules.claimsAhead - drop.inWork.count)
        drops[number]?.isBehind = fit.count > room || fit.count < ready.count
        for batch in fit.prefix(room).chunked(into: 200) { await claim(batch: batch, number, drop) }
    }

    private func claim(batch: [ReadyDrop], _ number: Int, _ drop: Drop) async {
        let now = office.now()
        do {
            let (scanner, files, problems) = try await Blocking.run { try Self.take(batch, drop, at: now) }
            drops[number]?.scanner = scanner
            for file in files { drops[number]?.inWork.insert(file.fileName) }
            for ready in batch { drops[number]?.refused[ready.name] = problems[ready.name] }
            for (name, problem) in problems where drop.refused[name] != problem {
                office.log.notice(
                    "left in the outbox",
                    metadata: [
                        "partner": "\(drop.partner)", "route": "\(drop.route)", "why": "\(problem.rawValue)",
                    ])
            }
            if !files.isEmpty { await claimed(files) }
        } catch {
            forget(number, because: error)
        }
    }

    /// Side-car first, file second; both folders are synced once for the whole batch.
    private static func take(
        _ batch: [ReadyDrop], _ drop: Drop, at now: Instant
    ) throws -> (RouteScanner, [ClaimedFile], [FileName: Folders.Problem]) {
        var scanner = drop.scanner
        var files: [ClaimedFile] = []
        var problems: [FileName: Folders.Problem] = [:]
        for ready in batch {
            if let sideCar = ready.sidecar {
                guard
                    case .claimed = try drop.desk.claim(
                        sideCar.name, seen: sideCar.facts.stamp, in: drop.folder, into: drop.work)
                else { continue }
            }
            let outcome = try drop.desk.claim(ready.name, seen: ready.facts.stamp, in: drop.folder, into: drop.work)
            if case .claimed = outcome {
            } else if let sideCar = ready.sidecar {
                // Back beside its file, unless a newer one lies there.
                try? drop.work.rename(sideCar.name, to: drop.folder, as: sideCar.name, .noReplace)
            }
            switch outcome {
            case .claimed(let claimed):
                scanner.forget(ready.name)
                let sideCar = ready.sidecar == nil ? nil : try SideCars.read(beside: ready.name, in: drop.work)
                files.append(
                    .claimed(
                        claimed, name: ready.name.text ?? "", sideCar: sideCar, in: drop.work, partner: drop.partner,
                        route: drop.route, at: now))
            case .stillBeingWritten: scanner.stillWritten(ready.name, at: BootClock.now())
            case .nameTakenInBatch: break
            case .notTaken(let problem): problems[ready.name] = problem
            }
        }
        if !files.isEmpty {
            try drop.work.sync()
            try drop.folder.sync()
        }
        CrashPoint.afterClaimSync.pass()
        return (scanner, files, problems)
    }

    private func hasSpace(_ drop: Drop) async -> Bool {
        let reserve = office.rules.diskReserve
        guard let free = try? DiskSpace.free(at: drop.work), free < reserve else {
            office.standing.alarm("disk", nil)
            return true
        }
        office.standing.alarm(
            "disk", "Less than \(reserve >> 20) MiB are free where work/ lies: nothing is claimed until there is space."
        )
        return false
    }
}
