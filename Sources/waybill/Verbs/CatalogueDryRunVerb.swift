internal import ArgumentParser
internal import Exchange
internal import Folders
internal import Law
internal import Ledger
internal import LedgerSQLite
internal import Policy
internal import Premises
internal import Settings
internal import Vocabulary

struct CatalogueDryRunVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dry-run", abstract: "What a new catalogue would have decided of past files. Nothing is changed.",
        discussion: """
            Judges again what policy itself decided, before any person did, each on its own day, under the agreement \
            that it pins. Past decisions stand as they are. Ends with 0 if all would be decided the same, 1 if not.
            """)

    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The new catalogue.", completion: .file(extensions: ["yaml"])) var file: String
    @Option(help: "Files dropped not before this time.") var since: String?
    @Option(help: "Files dropped before this time; a day is taken in whole.") var until: String?
    @Flag(help: "Judge them all as of now, not each on its own day.") var today = false
    @Flag(help: "One JSON object a line.") var json = false

    func run() async throws {
        let premises = try installation.premises()
        let catalogue = try LawAtHand.catalogue(file: file)
        let (ledger, law) = (try LedgerAtHand(premises), try LawFiles.load(premises.folders))
        var tally = DryRunTally(
            under: catalogue, on: today ? .at(WallClock.now()) : .own,
            here: Share.Here(offices: premises.settings.offices))
        var filter = try TimeText.filter(since: since, until: until, now: WallClock.now())
        filter.direction = .sent
        try await ledger.each(filter) { record in
            let history = History(record: record, events: try await ledger.reader.events(of: record.key))
            let past = DecisionStory(history).past(from: premises.settings.agency, under: law.agreements)
            if let change = tally.take(past) { show(change) }
            return true
        }
        for line in tally.words { Terminal.complain(line) }
        if tally.changed > 0 { throw Answer.no }
    }

    private func show(_ change: DryRun.Change) {
        if json { return Terminal.say(JSONText.object(change.members).line) }
        let what = "\(Words.moment(change.at))  \(change.id)  \(change.from.words), \(change.to.future)"
        Terminal.say(Terminal.paint(what, change.to == .release ? .green : .yellow))
        for finding in change.findings { Findings.Reason.finding(finding).show() }
    }
}

/// How many past decisions would be which others.
struct DryRunTally {
    private let catalogue: Catalogue
    private let day: DryRun.Day
    private let here: Share.Here
    private(set) var judged = 0
    private(set) var changed = 0
    private(set) var leftOut = 0
    private var turns: [Turn: Int] = [:]
    private var rules: [String: Int] = [:]

    private struct Turn: Hashable {
        let from: PastDecision.Outcome
        let to: PastDecision.Outcome
    }

    init(under catalogue: Catalogue, on day: DryRun.Day = .own, here: Share.Here = Share.Here()) {
        (self.catalogue, self.day, self.here) = (catalogue, day, here)
    }

    /// - Parameter past: nil for what cannot be judged again.
    mutating func take(_ past: PastDecision?) -> DryRun.Change? {
        guard let past else {
            leftOut += 1
            return nil
        }
        judged += 1
        guard let change = DryRun(of: [past], under: catalogue, on: day, here: here).changes.first else { return nil }
        changed += 1
        turns[Turn(from: change.from, to: change.to), default: 0] += 1
        for rule in Set(change.findings.map(\.rule)) { rules[rule, default: 0] += 1 }
        return change
    }

    /// Turns first, then which rules speak, then what was left out.
    var words: [String] {
        let decisions = Words.count(judged, "decision", "decisions")
        let head = "\(decisions) judged under catalogue \(catalogue.version): \(changed) would be another."
        let turned = PastDecision.Outcome.allCases.flatMap { from in
            PastDecision.Outcome.allCases.compactMap { to in
                turns[Turn(from: from, to: to)].map { "  \($0) \(from.words), \(to.future)" }
            }
        }
        let spoken = rules.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) in \($0.value)" }
        let loud = spoken.isEmpty ? [] : ["  Rules that speak: \(spoken.joined(separator: ", "))."]
        return [head] + turned + loud + missing + ["Nothing was changed: past decisions stand as they are."]
    }

    private var missing: [String] {
        guard leftOut > 0 else { return [] }
        return [
            "\(leftOut) left out: no label was made or is kept, policy's rules did not decide, or the very version of "
                + "the agreement is no longer loaded."
        ]
    }
}

extension PastDecision.Outcome {
    var words: String {
        switch self {
        case .release: "was released"
        case .hold: "was held"
        case .block: "was blocked"
        }
    }

    var future: String {
        switch self {
        case .release: "would be released"
        case .hold: "would be held"
        case .block: "would be blocked"
        }
    }
}

extension DryRun.Change {
    var members: [(String, JSONText)] {
        [
            ("id", .text(id.text)), ("at", .time(at)), ("catalogue", .text(catalogue)), ("from", .text(from.rawValue)),
            ("to", .text(to.rawValue)), ("findings", .json(.array(findings.map(\.json)))),
        ]
    }
}
