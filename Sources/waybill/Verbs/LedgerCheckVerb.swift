internal import ArgumentParser
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Settings
internal import Vocabulary

struct LedgerCheckVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Every row, every page, the tree, every signature and countersignature.",
        discussion: """
            May run beside the daemon. Ends with 1 if anything is wrong. Signatures are checked against our identity (from \
            our card) and against each partner's as a person pinned it. A ledger that was closed cleanly has the sums of \
            its pages beside it (ledger.sqlite-sums): then damage in unused space is found too.
            """)

    @OptionGroup var installation: InstallationOptions
    @Option(help: "Save here how far it has come; if the file is there, go on from it.") var resume: String?

    func run() async throws {
        let premises = try installation.premises()
        guard let reader = try open(premises) else { throw Answer.no }
        let bookmark = try resume.map { try CheckBookmark(InstalledAgency.absolute($0)) }
        let (report, pins) = try await LedgerExamination(premises, reader, progress: { Self.show($0, $1) })
            .run(from: bookmark?.mark, saving: { try bookmark?.save($0) })
        Terminal.endProgress()
        bookmark?.remove()
        try tell(report, pins + ChangedLedger.alarms(beside: premises.folders.ledger))
    }

    /// Nil, and told, if the file does not even open although it is there.
    private func open(_ premises: InstalledAgency) throws -> LedgerReader? {
        let path = premises.folders.ledger
        do { return try LedgerReader(path: path, crypto: OpenSSLLedgerCrypto()) } catch let trouble as LedgerTrouble {
            guard FileSystem.exists(path), case .broken = trouble else { return try LedgerAtHand(premises).reader }
            let report = LedgerReport(cannotOpen: path, trouble, crypto: OpenSSLLedgerCrypto())
            do { try tell(report, ChangedLedger.alarms(beside: path)) } catch is Answer {}
            return nil
        }
    }

    private func tell(_ report: LedgerReport, _ more: [String]) throws {
        let problems = report.problems.map(\.description) + more
        for problem in problems { Terminal.say(Terminal.paint("WRONG  ", .red) + Terminal.clean(problem)) }
        Terminal.complain(
            "\(report.events) events, \(report.consignments) consignments, \(report.statements) signed statements, "
                + "\(report.vouched) words of others"
                + (report.erased > 0 ? ", \(report.erased) details erased by retention" : "")
                + (report.before > 0 ? "; the first \(report.before) events were checked before" : ""))
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

/// Where `--resume` keeps how far a check has come.
private struct CheckBookmark: Sendable {
    private let path: String
    let mark: CheckMark?

    /// Throws `Trouble` for a file that is something else: it is not to be written over.
    init(_ path: String) throws {
        self.path = path
        guard FileSystem.exists(path) else {
            mark = nil
            return
        }
        do {
            mark = try CheckMark(parsing: String(decoding: FileSystem.read(path, atMost: 8192), as: UTF8.self))
        } catch {
            throw Trouble(
                "The check cannot go on from there.", why: "\(path): \(error)", fix: "Name another file, or a new one.")
        }
    }

    func save(_ mark: CheckMark) throws { try FileSystem.write(Array(mark.text.utf8), to: path, mode: 0o600) }

    /// It came to the end: the next check is a whole one again.
    func remove() { try? FileSystem.remove(path) }
}
