internal import ArgumentParser
internal import Daemon
internal import Exchange
internal import Folders
internal import Policy
internal import Settings
internal import Vocabulary

struct LabelVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "What policy would say.", subcommands: [LabelCheckVerb.self])
}

struct LabelCheckVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "What policy would say of a file, without sending it.",
        discussion:
            "A side-car NAME.label.yaml or .json beside the file counts. Ends with 1 if the file would be held or blocked."
    )

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The file.", completion: .file()) var file: String
    @Option(help: "To whom it would go.", transform: AgencyID.init) var partner: AgencyID
    @Option(help: "Into which route's folder it would be dropped.", transform: RouteName.init) var route: RouteName
    @Flag(help: "One JSON object.") var json = false

    func run() throws {
        let path = Premises.absolute(file)
        guard FileSystem.exists(path) else {
            throw Trouble("There is no such file.", why: path, fix: "Name the file that you want to send.")
        }
        let premises = try installation.premises()
        let law = try LawShelf.load(premises.folders)
        let now = WallClock.now()
        let sideCar = [".label.yaml", ".label.json"].map { path + $0 }.first(where: FileSystem.exists)
        let judged = LawBook(law, admission: premises.settings.admission).judge(
            route: route, sideCar: try sideCar.map { try FileSystem.read($0) }, sender: premises.settings.agency,
            recipient: partner, at: now)
        let verdict = Verdict(judged)
        if json { Terminal.say(verdict.json.line) } else { verdict.show(law.catalogue, on: now.londonDate) }
        if !verdict.mayGo { throw Answer.no }
    }
}

/// What policy said, for a person or a program.
private struct Verdict {
    let word: String
    let findings: [Finding]
    let label: Label?
    var mayGo: Bool { word == "release" }

    init(_ judged: LawBook.Judgement) {
        label = judged.label
        switch judged.decision {
        case .release(let warnings): (word, findings) = ("release", warnings)
        case .hold(let found): (word, findings) = ("hold", found)
        case .block(let found): (word, findings) = ("block", found)
        }
    }

    var json: JSONText {
        .object([
            ("decision", .text(word)), ("findings", .json(.array(findings.map(\.json)))),
            ("label", label.map { .json($0.json) } ?? .null),
        ])
    }

    func show(_ catalogue: Catalogue, on day: CalendarDate) {
        let words = ["release": "would be SENT", "hold": "would be HELD for a person", "block": "would be BLOCKED"]
        Terminal.say(Terminal.paint("This file \(words[word] ?? word).", mayGo ? .green : .yellow))
        for finding in findings { Findings.Reason.finding(finding).show() }
        guard let label else { return }
        Terminal.say(Terminal.paint("\nLabel", .bold))
        LabelWords(label, catalogue, on: day).facts.show()
    }
}
