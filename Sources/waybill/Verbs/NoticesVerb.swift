internal import ArgumentParser
internal import Folders
internal import Ledger
internal import LedgerSQLite
internal import Policy
internal import Premises
internal import Reports
internal import Vocabulary

struct NoticesVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notices", abstract: "Which people must still be told that we hold their data (UK GDPR 14).",
        subcommands: [
            NoticesListVerb.self, NoticeCloseVerb.self, NoticeDeferVerb.self, NoticeContactVerb.self,
        ], defaultSubcommand: NoticesListVerb.self)
}

struct NoticesListVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "What is owed, the earliest first. Ends with 1 if nothing is.",
        discussion: """
            DUE is the last day on which a notice is in time whatever anybody says. Where a weekend or a holiday moves \
            it, the last lawful day is told once DUE has passed. --due-within leaves out what is due later, and shows \
            with the rest what is deferred, on which ground and why.
            """)

    @OptionGroup var installation: InstallationOptions
    @Option(
        help: ArgumentHelp("Due in so many days or weeks, such as 7d or 2w; overdue too.", valueName: "time"),
        transform: DaysAhead.init) var dueWithin: DaysAhead?
    @Flag(help: "Those that are closed too.") var all = false
    @OptionGroup var form: ReportForm

    func run() async throws {
        let premises = try installation.premises()
        let (now, ledger) = (WallClock.now(), try LedgerAtHand(premises))
        let workingDays = WorkingDays(bankHolidays: try LawFiles.catalogue(premises.folders).bankHolidays)
        let choice = NoticeChoice(within: dueWithin, all: all, today: now.londonDate)
        var duties: [Duty] = []
        for filter in choice.filters { duties += try await ledger.reader.duties(filter, limit: .max) }
        let lines = duties.sorted { ($0.next, $0.id) < ($1.next, $1.id) }
            .map { NoticeLine($0, workingDays: workingDays, now: now) }.filter(choice.takes)
        guard !lines.isEmpty else {
            Terminal.complain("No notice is owed\(dueWithin.map { " within \($0.count) days" } ?? "").")
            throw Answer.no
        }
        show(lines)
    }

    private func show(_ lines: [NoticeLine]) {
        var (printer, sheet) = (ReportPrinter(form), NoticeSheet())
        for line in lines { printer.take(line.line) { _ in sheet.add(line) } }
        sheet.show()
    }
}

/// Which notices a person wants to see.
struct NoticeChoice: Hashable {
    let within: DaysAhead?
    let all: Bool
    let today: CalendarDate

    /// What to ask the ledger for: what is deferred has another `next` than its due day, so that it is asked for apart.
    var filters: [DutyFilter] {
        var open = DutyFilter()
        open.kinds = [.notice]
        if all { return [open] }
        open.states = [.open]
        open.dueBefore = lastDay.map { Instant(milliseconds: $0.endInLondon.milliseconds + 1) }
        var deferred = DutyFilter()
        (deferred.kinds, deferred.states) = ([.notice], [.deferred])
        return [open, deferred]
    }

    private var lastDay: CalendarDate? {
        within.map { CalendarDate(daysSince1970: today.daysSince1970 + $0.count) }
    }

    /// Overdue and deferred always; closed ones only stand in the answer where they were asked for.
    func takes(_ line: NoticeLine) -> Bool {
        guard case .due(let days) = line.view.standing, let within else { return true }
        return days <= within.count
    }
}

/// Notices on a screen, overdue ones in red.
struct NoticeSheet {
    private var table = Table([
        .init("ID (END)"), .init("DUE"), .init("STANDING"), .init("SUBJECT", most: 30), .init("FROM"),
        .init("CONSIGNMENT"), .init("GROUND"), .init("BECAUSE", most: Terminal.isScreen ? 50 : 0),
    ])

    mutating func add(_ notice: NoticeLine) {
        let (duty, line) = (notice.duty, notice.line)
        table.add(
            [
                Words.short(duty.id), line["due"].plain, notice.view.words, line["subject"].plain,
                duty.consignment.partner.text, Words.short(duty.consignment.id), duty.ground ?? "", duty.because ?? "",
            ], Self.paint(notice.view.standing))
    }

    private static func paint(_ standing: NoticeView.Standing) -> Terminal.Paint? {
        switch standing {
        case .overdue: .red
        case .deferred, .closed: .dim
        case .due: nil
        }
    }

    func show() {
        if !table.isEmpty { table.show() }
    }
}
