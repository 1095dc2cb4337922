internal import ArgumentParser
internal import Daemon
internal import Folders
internal import Settings
internal import Vocabulary

struct CheckVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Is this installation sound? Does the real operations and names cause and fix.",
        discussion: """
            Writes, syncs, renames and removes a file, signs and verifies, seals and opens, opens the ledger, and, while \
            the daemon runs, connects to each partner. Run it as the daemon's user. Ends with 1 if anything failed.
            """)

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "One JSON object a line.") var json = false

    func run() async throws {
        let lines = try await lines()
        for line in lines where json { Terminal.say(line.json.line) }
        for line in lines where !json { line.show() }
        let (failed, warned) = (lines.count { $0.verdict == .failed }, lines.count { $0.verdict == .warning })
        Terminal.complain(
            "\(lines.count) checks: \(failed) failed, \(Words.count(warned, "warning", "warnings"))")
        if failed > 0 { throw Answer.no }
    }

    private func lines() async throws -> [CheckLine] {
        let premises: Premises
        do { premises = try installation.premises() } catch let problems as SettingsProblems {
            return problems.problems.map { .failed("settings", "\($0.file):\($0.line): \($0.what)", fix: $0.hint) }
        }
        let now = WallClock.now()
        var lines = [CheckLine.ok("settings", premises.configuration)] + groups(premises.settings.groups)
        lines += await FolderChecks(premises).lines()
        let clock = await ClockChecks(premises, at: now)
        lines.append(clock.line)
        lines += clock.first(await KeyChecks(premises, at: now).lines())
        lines += await LedgerChecks(premises).lines()
        lines += clock.first(await TimeChecks(premises, at: now).lines())
        lines += LawChecks(premises, at: now).lines()
        lines += ContentChecks(premises).lines()
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
