internal import ArgumentParser
internal import Folders
internal import Law
internal import Premises
internal import Settings
internal import Vocabulary

struct CheckVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Is this installation sound? Does the real operations and names cause and fix.",
        discussion: """
            Writes, syncs, renames and removes a file, signs and verifies, seals and opens, opens the ledger, and, while \
            the daemon runs, connects to each partner. Run it as the daemon's user. Ends with 1 if anything failed, the \
            daemon is down or an alarm stands, with 3 if that cannot be told.
            """)

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "One JSON object a line.") var json = false
    @Option(
        help:
            "A disk, share or folder of ours that was exchanged, moved or mounted on purpose: it is the one from now on.",
        completion: .directory) var accept: String?

    func run() async throws {
        if let accept { return try await PlaceAcceptance(premises: installation.premises()).accept(accept) }
        let lines = try await lines()
        for line in lines where json { Terminal.say(line.json.line) }
        for line in lines where !json { line.show() }
        let counts = Dictionary(grouping: lines, by: \.verdict).mapValues(\.count)
        let (failed, unknown) = (counts[.failed] ?? 0, counts[.unknown] ?? 0)
        Terminal.complain(
            "\(lines.count) checks: \(failed) failed, \(Words.count(counts[.warning] ?? 0, "warning", "warnings"))"
                + (unknown == 0 ? "" : ", \(unknown) that you may not look at"))
        if failed > 0 { throw Answer.no }
        if unknown > 0 { throw Answer(code: 3) }
    }

    private func lines() async throws -> [CheckLine] {
        let premises: InstalledAgency
        do { premises = try installation.premises() } catch let problems as SettingsProblems {
            return problems.problems.map { .failed("settings", "\($0.file):\($0.line): \($0.what)", fix: $0.hint) }
        }
        let now = WallClock.now()
        var lines = [CheckLine.ok("settings", premises.configuration)] + groups(premises.settings.groups)
        lines += await FolderChecks(premises).lines()
        let clock = await ClockChecks(premises, at: now)
        lines.append(clock.line)
        lines += await PlaceChecks(premises).lines()
        lines += clock.first(await KeyChecks(premises, at: now).lines())
        lines += await LedgerChecks(premises).lines()
        lines += clock.first(await TimeChecks(premises, at: now).lines())
        lines += LawChecks(premises, at: now).lines()
        lines += ContentChecks(premises).lines()
        lines += ContactChecks(premises, at: now).lines()
        lines += await DaemonChecks(premises, at: now).lines()
        lines += clock.first(await PartnerChecks(premises, at: now).lines())
        return lines
    }

    private func groups(_ groups: Installation.Groups) -> [CheckLine] {
        let named = [("readers", groups.readers), ("senders", groups.senders), ("officers", groups.officers)]
        return named.compactMap { role, name in
            guard let name else { return nil }
            if Group(named: name) != nil { return .ok("group of \(role)", name) }
            return .failed(
                "group of \(role)", "this machine has no group \(name)",
                fix: "groupadd --system \(name), or correct groups: in the settings")
        }
    }
}
