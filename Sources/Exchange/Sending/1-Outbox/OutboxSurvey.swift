internal import Folders
internal import Vocabulary

/// What lies in an outbox and does not go: told in `status`, as alarms, and in notes beside it.
///
/// A scan looks at the names anyway; here, once in a while, the few that do not go are looked at more closely.
extension Outbox {
    /// How long a thing may not go before its note is written: whatever is only passing (a hard link that is about to be
    /// removed, a label that follows its file) is over by then.
    private var noteAfter: Int64 { Int64(min(20, agency.rules.settle * 4) * 1e9) }
    /// People close their documents, and labels are written by hand. All is told within a minute of the drop.
    private func patience(_ problem: Folders.Problem) -> Int64 {
        let isSlow = [.openInEditor, .sidecarAlone, .sidecarMissing, .arriving].contains(problem)
        return isSlow ? noteAfter / 2 * 3 : noteAfter
    }

    /// Tells what a scan found that does not go.
    func report(_ scan: RouteScan, _ number: Int) async {
        guard let drop = drops[number] else { return }
        let problems = scan.problems.filter { $0.problem != .gone }
        var all: [(name: FileName, problem: Folders.Problem)] = problems.map { ($0.name, $0.problem) }
        // What only the attempt to claim could tell; a name that is not ready is in no scan as such.
        for ready in scan.ready {
            if let problem = drop.refused[ready.name] { all.append((ready.name, problem)) }
        }
        let now = BootClock.now()
        drops[number]?.memory.note(all, at: now)
        let isAny = !all.isEmpty || !scan.untaken.isEmpty || !scan.notes.isEmpty || drop.memory.isTelling
        let isDue = isAny && now - (drop.memory.surveyedAt ?? .min / 2) >= noteAfter / 2
        if isDue || problems.contains(where: { $0.mark != nil && drop.memory.owners[$0.name] == nil }) {
            await survey(scan, problems, number, at: now)
        }
        guard let memory = drops[number]?.memory else { return }
        var words: [(name: FileName, word: NotSentNotes.Word)] = memory.leftovers.map { ($0.name, $0.word) }
        for (name, problem) in all { words.append((name, word(problem, name, memory))) }
        let troubles = words.map { name, word in
            Alarms.Trouble(
                partner: drop.partner, route: drop.route, name: DropCheck.printable(name),
                why: "\(word.why): \(word.remedy).")
        }
        agency.alarms.setTroubles(troubles, partner: drop.partner, route: drop.route)
        agency.alarms.setWaiting(scan.ready.count + scan.waiting, partner: drop.partner, route: drop.route)
        alarm(all.count { $0.problem == .unreadable || $0.problem == .notOfSenders }, drop)
    }

    /// A file that is closed to us does not get better by waiting.
    private func alarm(_ closed: Int, _ drop: Drop) {
        let text =
            "\(closed) dropped and not readable for Waybill: waybill status names them. waybilld needs CAP_FOWNER and a "
            + "senders' group to open private files (mode 0600)."
        agency.alarms.alarm("unreadable/\(drop.partner)/\(drop.route)", closed > 0 ? text : nil)
    }

    private func word(
        _ problem: Folders.Problem, _ name: FileName, _ memory: OutboxMemory
    ) -> NotSentNotes.Word {
        let owner = memory.owners[name].map { " (\($0))" } ?? ""
        return NotSentNotes.Word(why: problem.why + owner, remedy: problem.remedy)
    }

    private func survey(
        _ scan: RouteScan, _ problems: [(name: FileName, problem: Folders.Problem, mark: FileName?)], _ number: Int,
        at now: Int64
    ) async {
        guard let drop = drops[number] else { return }
        let clock = agency.clock.now()
        let looked = try? await Blocking.run {
            var memory = drop.memory
            memory.surveyedAt = now
            memory.isTelling = !memory.since.isEmpty || !scan.untaken.isEmpty || !scan.notes.isEmpty
            for (name, problem, mark) in problems where memory.owners[name] == nil {
                if let mark { memory.owners[name] = Self.owner(of: mark, problem, in: drop.folder) }
            }
            memory.leftovers = Leftovers.look(scan.untaken, in: drop.folder, &memory.seen, at: now, clock)
            return memory
        }
        guard let looked else { return }
        drops[number]?.memory = looked
        await writeNotes(scan.notes, looked, drop, at: now)
    }

    private func writeNotes(_ notes: [FileName], _ memory: OutboxMemory, _ drop: Drop, at now: Int64) async {
        let grown = memory.since.filter { now - $0.value.at >= patience($0.value.problem) }
        var words = Dictionary(uniqueKeysWithValues: grown.map { ($0.key, word($0.value.problem, $0.key, memory)) })
        for leftover in memory.leftovers where leftover.isNoted { words[leftover.name] = leftover.word }
        let young = Set(memory.since.keys).subtracting(words.keys)
        let (notSent, place) = (parts.notSent, "\(drop.partner)/\(drop.route)")
        _ = try? await Blocking.run { [words] in
            notSent.found(words, young: young, notes: notes, in: drop.folder, of: place)
        }
    }

    /// The lock file and whose it is: the name that the program wrote into it, else the account that it belongs to.
    private static func owner(of mark: FileName, _ problem: Folders.Problem, in folder: Folder) -> String {
        let name = "\(DropCheck.printable(mark)) lies beside it"
        guard problem == .openInEditor else { return name }
        let account = (try? folder.lookup(mark))?.map { "account \(Account.name(of: $0.owner))" }
        let owner = OfficeMark.owner(in: mark, of: folder) ?? account
        return owner.map { "its lock file \(DropCheck.printable(mark)) is of \($0)" } ?? name
    }
}
