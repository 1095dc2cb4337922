internal import ArgumentParser
internal import Ledger
internal import Reports
internal import Vocabulary

struct FindVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Everything sent and received about one person, and what is still owed.",
        discussion: """
            For access requests and case reviews. --subject is the pseudonymous reference that labels carry. What was \
            processed for law enforcement is left out unless --use names one of the four uses of DPA 2018 s.62(4). \
            Ends with 1 if nothing is found.
            """)

    @OptionGroup var installation: InstallationOptions
    @Option(help: "The reference, as labels carry it.") var subject: String
    @Option(help: "Your use of the record, for rows under Part 3: \(LogUse.listed).") var use: LogUse?
    @Flag(help: "True file names too. They may name people.") var names = false
    @OptionGroup var form: ReportForm

    func run() async throws {
        let gatherer = try ReportGatherer(installation.premises(), use: use, names: names)
        var (file, printer) = (SubjectFile(reference: subject, gatherer.context), ReportPrinter(form))
        var sheet = SubjectSheet(names: names)
        var filter = LedgerFilter()
        filter.caseReference = subject
        try await gatherer.each(filter) { row in
            guard let line = file.line(row) else { return }
            printer.take(line) { sheet.add($0) }
        }
        sheet.show()
        if printer.count == 0 { Terminal.complain("Nothing is found about \(Terminal.clean(subject)).") }
        if let words = file.gate.words { Terminal.complain(words) }
        if printer.count == 0 { throw Answer.no }
    }
}

/// A subject's file on a screen: a table, then what is owed, then what stands before an answer.
struct SubjectSheet {
    private var table: Table
    private let names: Bool
    private var owed: [String] = []
    private var checks: [String] = []

    init(names: Bool) {
        self.names = names
        table = Table(
            [
                .init("ID (END)"), .init("WHEN (UTC)"), .init("WAY"), .init("PARTNER"), .init("PURPOSE"),
                .init("BASIS"), .init("CATEGORIES", most: Terminal.isScreen ? 40 : 0), .init("STATE"),
                .init("OPEN", .right),
            ] + (names ? [.init("NAME", most: Terminal.isScreen ? 40 : 0)] : []))
    }

    mutating func add(_ line: ReportLine) {
        let id = String(line["id"].plain.suffix(12))
        let (open, before) = (Self.texts(line["openDuties"]), Self.texts(line["beforeAnswering"]))
        owed += open.map { "\(id)  \($0)" }
        checks += before.map { "\(id)  \($0)" }
        table.add(row(line, id, open.count))
    }

    private func row(_ line: ReportLine, _ id: String, _ open: Int) -> [String] {
        let isSent = line["direction"].plain == Direction.sent.rawValue
        let when = ["claimedAt", "sentAt"].map { line[$0].plain }.first { !$0.isEmpty }
        let basis = ["basis", "gateways", "conditions"].flatMap { Self.texts(line[$0]) }
        return [
            id, Words.moment(when.flatMap { try? Instant($0) }), isSent ? "sent" : "received",
            line[isSent ? "to" : "from"].plain, line["purpose"].plain, basis.joined(separator: " "),
            Self.texts(line["categories"]).joined(separator: " "), line["state"].plain, String(open),
        ] + (names ? [line["name"].plain] : [])
    }

    func show() {
        guard !table.isEmpty else { return }
        table.show()
        Self.show("Open duties", owed)
        Self.show("Before this is given to the person", checks)
    }

    private static func show(_ title: String, _ lines: [String]) {
        guard !lines.isEmpty else { return }
        Terminal.say(Terminal.paint("\n\(title)", .bold))
        for line in lines { Terminal.say("  \(Terminal.clean(line))") }
    }

    private static func texts(_ cell: Cell) -> [String] {
        if case .texts(let texts) = cell { texts } else { [] }
    }
}
