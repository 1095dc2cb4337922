internal import ArgumentParser
internal import Daemon
internal import Folders
internal import LedgerSQLite
internal import Settings
internal import Vocabulary

struct LedgerCheckVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Every digest, the tree, every signature, the kept checkpoint.",
        discussion: """
            May run beside the daemon. Ends with 1 if anything is wrong. Signatures are checked against our identity (from \
            our card) and against each partner's as a person pinned it.
            """)

    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        let premises = try installation.premises()
        let desk = try LedgerDesk(premises)
        let ours = try OurCard(premises)
        let judge = StatementJudge(ours, PartnerShelf(folder: premises.folders.partners), at: WallClock.now())
        let check = LedgerCheck(
            desk.reader, crypto: OpenSSLLedgerCrypto(), publicKey: await ours.ledgerKey(of: desk.reader),
            judge: { judge.judge($0, $1, $2) }, progress: { Self.show($0, $1) })
        let report = try await check.run()
        Terminal.endProgress()
        let problems = report.problems.map(\.description) + judge.pinProblems
        for problem in problems { Terminal.say(Terminal.paint("WRONG  ", .red) + Terminal.clean(problem)) }
        Terminal.complain(
            "\(report.events) events, \(report.consignments) consignments, \(report.statements) signed statements"
                + (report.erased > 0 ? ", \(report.erased) details erased by retention" : ""))
        guard problems.isEmpty else {
            Terminal.complain(
                """
                The ledger is not sound: \(Words.count(problems.count, "problem", "problems")).
                  why: it was changed by something else than Waybill, or the disk is failing
                  fix: stop waybilld, keep a copy of this file as evidence, and restore the newest backup
                """)
            throw Answer.no
        }
        Terminal.say(Terminal.paint("The ledger is sound.", .green))
    }

    private static func show(_ done: Int64, _ of: Int64) {
        Terminal.progress("checking \(done * 100 / max(1, of)) %  (\(done) of \(of) events)")
    }
}
