internal import ArgumentParser
internal import Policy
internal import Reports
internal import Vocabulary

struct ReportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "What was shared and why, for those who must account for it.",
        discussion: """
            A consignment belongs to the day in England on which it was dropped or first seen; the decision on it may \
            be younger. What was processed for law enforcement (DPA 2018 Part 3) is left out unless --use names one of \
            the four uses of s.62(4), and how much is left out is said.
            """,
        subcommands: [ReportSharingVerb.self, ReportProcessingVerb.self, ReportCountsVerb.self])
}

struct ReportSharingVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sharing",
        abstract: "Every decision to share or not to share, with the fields of the regulator's decision form.",
        discussion: "Ends with 1 if there was none.")

    @OptionGroup var options: ReportOptions

    func run() async throws {
        let gatherer = try options.gatherer()
        var (report, printer) = (SharingReport(gatherer.context), ReportPrinter(options.form))
        try await gatherer.each(options.period.filter) { row in
            guard let line = report.line(row) else { return }
            printer.take(line) { ReportOptions.show($0, titled: $0["id"].plain) }
        }
        try options.end(report.gate, printer, nothing: "No decision to share was made in those days.")
    }
}

struct ReportProcessingVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "processing",
        abstract: "The record of processing (UK GDPR 30, DPA 2018 s.61), with Schedule 1 paragraph 41.",
        discussion: "One line for each agreement, route, partner, direction and regime. Ends with 1 if there is none.")

    @OptionGroup var options: ReportOptions

    func run() async throws {
        let gatherer = try options.gatherer()
        var (report, printer) = (ProcessingReport(gatherer.context), ReportPrinter(options.form))
        try await gatherer.each(options.period.filter) { report.add($0) }
        for line in report.lines {
            printer.take(line) { line in
                let names = ["agreement", "route", "direction", "partner"].map { line[$0].plain }
                ReportOptions.show(line, titled: names.joined(separator: "  "))
            }
        }
        try options.end(report.gate, printer, nothing: "Nothing was shared in those days.")
    }
}

struct ReportCountsVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "counts", abstract: "Are we over-sharing? Counts and rates.",
        discussion: """
            Shared files by category, recipient and purpose; emergencies, overrides (held, and let go by a person), \
            rejections; what the content check suggested against what labels say; agreements past their review.
            """)

    @OptionGroup var options: ReportOptions

    func run() async throws {
        let gatherer = try options.gatherer()
        var (report, printer) = (CountsReport(gatherer.context), ReportPrinter(options.form))
        try await gatherer.each(options.period.filter) { report.add($0) }
        var table = Table(report.lines.first?.columns.map { Self.column($0.name) } ?? [])
        for line in report.lines { printer.take(line) { table.add($0.columns.map(\.cell.plain)) } }
        if !table.isEmpty { table.show() }
        try options.end(report.gate, printer, nothing: "Nothing was decided in those days.")
    }

    private static func column(_ name: String) -> Table.Column {
        .init(name.uppercased(), ["count", "of", "rate"].contains(name) ? .right : .left)
    }
}

/// What all reports are asked for.
struct ReportOptions: ParsableArguments {
    @OptionGroup var installation: InstallationOptions
    @Option(help: "The first day, such as 2026-04-01.", transform: CalendarDate.init) var from: CalendarDate
    @Option(help: "The last day.", transform: CalendarDate.init) var to: CalendarDate
    @Option(help: "Your use of the record, for rows under Part 3: \(LogUse.listed).") var use: LogUse?
    @Flag(help: "True file names too. They may name people.") var names = false
    @OptionGroup var form: ReportForm

    func validate() throws {
        if to < from { throw ValidationError("--to \(to) lies before --from \(from).") }
    }

    var period: ReportPeriod { ReportPeriod(first: from, last: to) }

    func gatherer() throws -> ReportGatherer {
        try ReportGatherer(installation.premises(), use: use, names: names)
    }

    /// What was left out, and 1 if there was nothing.
    func end(_ gate: LogGate, _ printer: ReportPrinter, nothing: String) throws {
        if printer.count == 0 { Terminal.complain(nothing) }
        if let words = gate.words { Terminal.complain(words) }
        if printer.count == 0 { throw Answer.no }
    }

    static func show(_ line: ReportLine, titled title: String) {
        Terminal.say(Terminal.paint(Terminal.clean(title), .bold))
        line.facts.show()
        Terminal.say("")
    }
}

extension LogUse: ExpressibleByArgument {
    static var listed: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
